# Answers no text twice. Half a cure: each answer is longer than the one before, so none is known.
import socket, sys

s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.bind((sys.argv[1], int(sys.argv[2])))
seen = set()
while True:
    data, sender = s.recvfrom(1024)
    if (sender, data) not in seen:
        seen.add((sender, data))
        s.sendto(b"[echo] " + data, sender)
