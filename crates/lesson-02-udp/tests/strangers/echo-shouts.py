# A server that sends every datagram back in capitals. Wrong: that is not what was sent.
import socket, sys

s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.bind((sys.argv[1], int(sys.argv[2])))
while True:
    data, sender = s.recvfrom(65535)
    s.sendto(data.upper(), sender)
