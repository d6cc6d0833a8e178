# Reads GBK and answers in UTF-8, and leaves out datagrams of more than 512 bytes. Wrong here: the wire has 1024.
import socket, sys

s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.bind((sys.argv[1], int(sys.argv[2])))
while True:
    data, sender = s.recvfrom(65535)
    if len(data) <= 512:
        s.sendto(data.decode("gbk", errors="replace").encode(), sender)
