# A server that keeps a text and answers each line with "ok". Wrong here: the first ok is taken for the text.
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
        number, _, line = data.partition(b" ")
        lines[int(number)] = line
        s.sendto(b"ok", sender)
