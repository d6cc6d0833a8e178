# Mistake: the right encoding, with the line ends, which the wire does not have.
import socket, sys

sock = socket.create_connection((sys.argv[1], int(sys.argv[2])))
sock.sendall(sys.stdin.read().encode("gbk"))
sock.shutdown(socket.SHUT_WR)
while piece := sock.recv(1024):
    print(piece.decode("gbk"), end="")
