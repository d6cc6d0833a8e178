# Reports each line over a connected socket. Wrong: the error of the line before ends it.
import socket, sys

server = (sys.argv[1], int(sys.argv[2]))
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.connect(server)
for line in sys.stdin:
    s.send(line.rstrip("\n").encode())
