# An echo server with recvfrom(4096). Wrong: what a datagram has beyond 4096 bytes is gone.
import socket, sys

s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.bind((sys.argv[1], int(sys.argv[2])))
while True:
    data, sender = s.recvfrom(4096)
    s.sendto(data, sender)
