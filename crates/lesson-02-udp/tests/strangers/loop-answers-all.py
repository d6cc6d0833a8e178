# Sends every datagram back behind a mark. Wrong: an answer is answered as well, without end.
import socket, sys

s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.bind((sys.argv[1], int(sys.argv[2])))
while True:
    data, sender = s.recvfrom(65535)
    s.sendto(b"[echo] " + data, sender)
