# A server that keeps a text, sorts it, and knows what came twice by its words. Wrong: two lines may have the same words.
import socket, sys

s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.bind((sys.argv[1], int(sys.argv[2])))
texts = {}
while True:
    data, sender = s.recvfrom(65535)
    lines = texts.setdefault(sender, [])
    if data == b"all":
        s.sendto(b" ".join(line for _, line in sorted(lines)), sender)
    else:
        number, _, line = data.partition(b" ")
        if all(line != known for _, known in lines):
            lines.append((int(number), line))
