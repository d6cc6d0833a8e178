# A server that keeps a text in the order in which the lines come, and as often. Wrong.
import socket, sys

s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.bind((sys.argv[1], int(sys.argv[2])))
texts = {}
while True:
    data, sender = s.recvfrom(65535)
    if data == b"all":
        s.sendto(b" ".join(texts.get(sender, [])), sender)
    else:
        texts.setdefault(sender, []).append(data.partition(b" ")[2])
