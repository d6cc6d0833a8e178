# A server that keeps a text and splits each datagram at its blanks. Wrong: a line has more than one word.
import socket, sys

s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.bind((sys.argv[1], int(sys.argv[2])))
texts = {}
while True:
    data, sender = s.recvfrom(65535)
    lines = texts.setdefault(sender, {})
    if data == b"all":
        s.sendto(b" ".join(lines[number] for number in sorted(lines)), sender)
    else:
        number, line = data.split()[:2]
        lines[int(number)] = line
