# Mistake: waits for the end of the client's stream before it answers; the client ends when it has the answer.
import socket, sys

listener = socket.create_server((sys.argv[1], int(sys.argv[2])))
while True:
    conn, _ = listener.accept()
    with conn:
        while conn.recv(4096):
            pass
        conn.sendall(b"page" * 25_000)
