# A server that keeps a text, sorts it, and leaves out a datagram that is the same as the one before. Half a cure: a
# copy may come later.
import socket, sys

s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.bind((sys.argv[1], int(sys.argv[2])))
texts, last = {}, None
while True:
    data, sender = s.recvfrom(65535)
    lines = texts.setdefault(sender, [])
    if data == b"all":
        lines.sort(key=lambda line: line[0])
        s.sendto(b" ".join(line for _, line in lines), sender)
    elif data != last:
        number, _, line = data.partition(b" ")
        lines.append((int(number), line))
    last = data
