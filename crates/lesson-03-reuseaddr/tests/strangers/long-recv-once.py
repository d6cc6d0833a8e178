# Mistake: one recv for the hello, of which only a part may have come; the rest is unread when the connection is closed.
import socket, sys

srv = socket.create_server((sys.argv[1], int(sys.argv[2])))
while True:
    conn, _ = srv.accept()
    with conn:
        conn.recv(6)
        conn.sendall(b"hi" * 50_000)
