# A server that keeps a text: a dict for each client, sorted when it is asked for. Right.
import socket, sys

s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.bind((sys.argv[1], int(sys.argv[2])))
texts = {}
while True:
    data, sender = s.recvfrom(65535)
    lines = texts.setdefault(sender, {})
    if data == b"all":
        s.sendto(b" ".join(lines[number] for number in sorted(lines)), sender)
        continue
    number, blank, line = data.partition(b" ")
    if blank and number.isdigit() and len(lines) < 1000:
        lines[int(number)] = line
