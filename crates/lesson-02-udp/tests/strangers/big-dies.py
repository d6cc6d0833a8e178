# Sends each line as one datagram. Wrong: a line that is too long raises OSError (EMSGSIZE), and that is the end.
import socket, sys

server = (sys.argv[1], int(sys.argv[2]))
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
for line in sys.stdin:
    s.sendto(line.rstrip("\n").encode(), server)
    print(s.recv(65535).decode(), flush=True)
