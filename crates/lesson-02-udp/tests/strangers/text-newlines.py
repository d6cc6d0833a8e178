# A server that keeps a text and joins the lines by newlines. Wrong here: they are to be joined by blanks.
import socket, sys

s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.bind((sys.argv[1], int(sys.argv[2])))
texts = {}
while True:
    data, sender = s.recvfrom(65535)
    lines = texts.setdefault(sender, {})
    if data == b"all":
        s.sendto(b"\n".join(lines[number] for number in sorted(lines)), sender)
    else:
        number, _, line = data.partition(b" ")
        lines[int(number)] = line
