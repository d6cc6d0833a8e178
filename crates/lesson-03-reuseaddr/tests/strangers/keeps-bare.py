# Mistake: bind without SO_REUSEADDR; greets, and waits until the client has left.
import socket, sys

srv = socket.socket()
srv.bind((sys.argv[1], int(sys.argv[2])))
srv.listen()
while True:
    conn, _ = srv.accept()
    with conn:
        conn.recv(6, socket.MSG_WAITALL)
        conn.sendall(b"hi")
        while conn.recv(1024):
            pass
