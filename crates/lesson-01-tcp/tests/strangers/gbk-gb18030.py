# Mistake: a half cure: GB18030, which has four bytes for what GBK cannot say: the server reads four other characters, without an error.
import socket, sys

sock = socket.create_connection((sys.argv[1], int(sys.argv[2])))
for line in sys.stdin:
    sock.sendall(line.rstrip("\n").encode("gb18030"))
sock.shutdown(socket.SHUT_WR)
while piece := sock.recv(1024):
    print(piece.decode("gb18030"), end="")
