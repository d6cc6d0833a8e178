# Mistake: bind without SO_REUSEADDR. Greets one client, closes and ends.
import socket, sys

srv = socket.socket()
srv.bind((sys.argv[1], int(sys.argv[2])))
srv.listen()
conn, _ = srv.accept()
hello = b""
while len(hello) < 6 and (piece := conn.recv(6 - len(hello))):
    hello += piece
conn.sendall(b"hi")
conn.close()
