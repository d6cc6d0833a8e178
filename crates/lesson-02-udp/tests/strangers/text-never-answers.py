# A server that keeps a text and waits for "all" with a newline. Wrong: a datagram has no newline but one that was put in.
import socket, sys

s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.bind((sys.argv[1], int(sys.argv[2])))
texts = {}
while True:
    data, sender = s.recvfrom(65535)
    lines = texts.setdefault(sender, {})
    if data == b"all\n":
        s.sendto(b" ".join(lines[number] for number in sorted(lines)), sender)
    elif b" " in data:
        number, _, line = data.partition(b" ")
        lines[int(number)] = line
