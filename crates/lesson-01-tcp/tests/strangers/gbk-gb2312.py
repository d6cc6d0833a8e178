# Mistake: a half cure: GB2312, the older and smaller set. The same bytes, as far as it goes; it does not know every character of GBK.
import socket, sys

sock = socket.create_connection((sys.argv[1], int(sys.argv[2])))
for line in sys.stdin:
    sock.sendall(line.rstrip("\n").encode("gb2312"))
sock.shutdown(socket.SHUT_WR)
while piece := sock.recv(1024):
    print(piece.decode("gbk"), end="")
