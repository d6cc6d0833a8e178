# A server that keeps a text in a dict and does not sort it. Half a cure: each line once, in the order in which they came.
import socket, sys

s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.bind((sys.argv[1], int(sys.argv[2])))
texts = {}
while True:
    data, sender = s.recvfrom(65535)
    lines = texts.setdefault(sender, {})
    if data == b"all":
        s.sendto(b" ".join(lines.values()), sender)
    else:
        number, _, line = data.partition(b" ")
        lines[int(number)] = line
