# Right: SO_REUSEADDR before bind; greets one client, closes and ends.
import socket, sys

srv = socket.socket()
srv.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
srv.bind((sys.argv[1], int(sys.argv[2])))
srv.listen()
conn, _ = srv.accept()
with conn:
    if conn.makefile("rb").read(6) == b"hello!":
        conn.sendall(b"hi")
