# A server that keeps the numbers of the last 32 lines to know a copy. Half a cure: a copy may come much later.
import socket, sys

s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.bind((sys.argv[1], int(sys.argv[2])))
texts, recent = {}, {}
while True:
    data, sender = s.recvfrom(65535)
    lines, last = texts.setdefault(sender, []), recent.setdefault(sender, [])
    if data == b"all":
        s.sendto(b" ".join(line for _, line in sorted(lines)), sender)
        continue
    number, _, line = data.partition(b" ")
    if int(number) not in last:
        lines.append((int(number), line))
        last.append(int(number))
        del last[:-32]
