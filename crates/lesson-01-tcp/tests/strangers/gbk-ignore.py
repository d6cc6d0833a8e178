# Mistake: errors="ignore": a character that GBK does not have is left out, and nobody learns of it.
import socket, sys

sock = socket.create_connection((sys.argv[1], int(sys.argv[2])))
for line in sys.stdin:
    sock.sendall(line.rstrip("\n").encode("gbk", errors="ignore"))
sock.shutdown(socket.SHUT_WR)
while piece := sock.recv(1024):
    print(piece.decode("gbk"), end="")
