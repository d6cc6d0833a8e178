# A server that keeps a text in a table of 64 places. Wrong: a text has up to 100 lines, and line 65 takes the place of
# line 1.
import socket, sys

s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.bind((sys.argv[1], int(sys.argv[2])))
texts = {}
while True:
    data, sender = s.recvfrom(65535)
    lines = texts.setdefault(sender, {})
    if data == b"all":
        s.sendto(b" ".join(line for _, line in sorted(lines.values())), sender)
    else:
        number, _, line = data.partition(b" ")
        lines[int(number) % 64] = (int(number), line)
