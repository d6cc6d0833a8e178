# An echo server that the datagram `exit` ends. Wrong: anybody can send it.
import socket, sys

s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.bind((sys.argv[1], int(sys.argv[2])))
while True:
    data, sender = s.recvfrom(65535)
    s.sendto(data, sender)
    if data == b"exit":
        break
