# Mistake: encode() without a name is UTF-8, whatever the other side reads.
import socket, sys

sock = socket.create_connection((sys.argv[1], int(sys.argv[2])))
for line in sys.stdin:
    sock.sendall(line.rstrip("\n").encode())
sock.shutdown(socket.SHUT_WR)
while piece := sock.recv(1024):
    print(piece.decode("gbk"), end="")
