# An echo server that takes `exit` only from whoever sent the first datagram of all. Half a cure: that may be anybody.
import socket, sys

s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.bind((sys.argv[1], int(sys.argv[2])))
owner = None
while True:
    data, sender = s.recvfrom(65535)
    owner = owner or sender
    s.sendto(data, sender)
    if data == b"exit" and sender == owner:
        break
