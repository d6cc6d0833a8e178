# Mistake: a larger buffer in place of a loop: one recv gives what has arrived, and what comes later stays unread.
import socket, sys

listener = socket.create_server((sys.argv[1], int(sys.argv[2])))
while True:
    conn, _ = listener.accept()
    with conn:
        conn.recv(65536)
        conn.sendall(b"page" * 25_000)
