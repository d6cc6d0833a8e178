# Sends the first 65507 bytes of a line. Wrong: the server takes a part for the whole.
import socket, sys

server = (sys.argv[1], int(sys.argv[2]))
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
for line in sys.stdin:
    s.sendto(line.rstrip("\n").encode()[:65507], server)
    print(s.recv(65535).decode(), flush=True)
