# Answers nothing that has the mark anywhere. Half a cure: a question may contain it.
import socket, sys

s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.bind((sys.argv[1], int(sys.argv[2])))
while True:
    data, sender = s.recvfrom(65535)
    if b"[echo]" not in data:
        s.sendto(b"[echo] " + data, sender)
