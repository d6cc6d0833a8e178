# Guesses: UTF-8 if the bytes are valid there, and GBK otherwise. Half a cure: some texts in GBK are valid UTF-8, too.
import socket, sys

s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.bind((sys.argv[1], int(sys.argv[2])))
while True:
    data, sender = s.recvfrom(65535)
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        text = data.decode("gbk", errors="replace")
    s.sendto(text.encode(), sender)
