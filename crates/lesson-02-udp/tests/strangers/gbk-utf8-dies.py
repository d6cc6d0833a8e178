# Reads every datagram as UTF-8, the default of decode in Python. Wrong: the first text in GBK ends the server.
import socket, sys

s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.bind((sys.argv[1], int(sys.argv[2])))
while True:
    data, sender = s.recvfrom(65535)
    s.sendto(data.decode().encode(), sender)
