# Mistake: the option is set on each connection, and never on the socket that is bound.
import socket, sys

srv = socket.socket()
srv.bind((sys.argv[1], int(sys.argv[2])))
srv.listen()
while True:
    conn, _ = srv.accept()
    conn.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    with conn:
        conn.recv(6, socket.MSG_WAITALL)
        conn.sendall(b"hi")
