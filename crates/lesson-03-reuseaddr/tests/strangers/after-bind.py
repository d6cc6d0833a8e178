# Mistake: the option is set, but after bind.
import socket, sys

srv = socket.socket()
srv.bind((sys.argv[1], int(sys.argv[2])))
srv.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
srv.listen()
while True:
    conn, _ = srv.accept()
    with conn:
        if conn.makefile("rb").read(6) == b"hello!":
            conn.sendall(b"hi")
            conn.shutdown(socket.SHUT_WR)
            conn.recv(1)
