# Sends all pieces, one after the other. Wrong: what finds the server's buffer full is gone, and no call says so.
import socket, sys

server = (sys.argv[1], int(sys.argv[2]))
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
for number in range(int(input())):
    s.sendto(number.to_bytes(4, "big") + b"x" * 8188, server)
