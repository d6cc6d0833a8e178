# Sends all pieces with a pause of 2 ms behind each, as advised in the net. Half a cure: it is a guess at the speed of the
# server.
import time
import socket, sys

server = (sys.argv[1], int(sys.argv[2]))
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
for number in range(int(input())):
    s.sendto(number.to_bytes(4, "big") + b"x" * 8188, server)
    time.sleep(0.002)
