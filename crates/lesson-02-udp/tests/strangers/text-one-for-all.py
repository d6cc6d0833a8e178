# A server that keeps one text for all clients. Wrong: the second client gets lines of the first.
import socket, sys

s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.bind((sys.argv[1], int(sys.argv[2])))
lines = {}
while True:
    data, sender = s.recvfrom(65535)
    if data == b"all":
        s.sendto(b" ".join(lines[number] for number in sorted(lines)), sender)
    else:
        number, _, line = data.partition(b" ")
        lines[int(number)] = line
