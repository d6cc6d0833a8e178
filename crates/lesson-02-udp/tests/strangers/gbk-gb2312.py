# Reads GB2312, an older and smaller set than GBK. Half a cure: the rarer characters are lost.
import socket, sys

s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.bind((sys.argv[1], int(sys.argv[2])))
while True:
    data, sender = s.recvfrom(65535)
    s.sendto(data.decode("gb2312", errors="replace").encode(), sender)
