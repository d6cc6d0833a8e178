# Sends all pieces, with a larger send buffer. Wrong: it is the receive buffer of the server that is full.
import socket, sys

server = (sys.argv[1], int(sys.argv[2]))
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 1 << 22)
for number in range(int(input())):
    s.sendto(number.to_bytes(4, "big") + b"x" * 8188, server)
