# An echo server that takes a datagram without bytes for the end, as in a stream. Wrong.
import socket, sys

s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.bind((sys.argv[1], int(sys.argv[2])))
while True:
    data, sender = s.recvfrom(65535)
    if not data:
        break
    s.sendto(data, sender)
