# Reads GBK and answers in UTF-8, and nothing catches the error. Half a cure: one datagram that is no text ends the server.
import socket, sys

s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.bind((sys.argv[1], int(sys.argv[2])))
while True:
    data, sender = s.recvfrom(65535)
    s.sendto(data.decode("gbk").encode(), sender)
