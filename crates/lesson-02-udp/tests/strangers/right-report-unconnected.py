# Reports each line with sendto. Right: a socket without a peer is not told of datagrams that found nobody.
import socket, sys

server = (sys.argv[1], int(sys.argv[2]))
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
for line in sys.stdin:
    s.sendto(line.rstrip("\n").encode(), server)
