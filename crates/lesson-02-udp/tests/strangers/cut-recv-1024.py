# An echo server with recvfrom(1024). Wrong: what a datagram has beyond 1024 bytes is gone.
import socket, sys

s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.bind((sys.argv[1], int(sys.argv[2])))
while True:
    data, sender = s.recvfrom(1024)
    s.sendto(data, sender)
