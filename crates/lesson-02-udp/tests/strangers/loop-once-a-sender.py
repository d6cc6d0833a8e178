# Answers each sender once. Wrong: the loop ends, and so does every honest client after its first question.
import socket, sys

s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.bind((sys.argv[1], int(sys.argv[2])))
known = set()
while True:
    data, sender = s.recvfrom(65535)
    if sender not in known:
        known.add(sender)
        s.sendto(b"[echo] " + data, sender)
