# Sends every datagram back behind a mark of its own, and answers nothing that begins with it. Wrong: it ends the loop, and
# the answer is not what the wire says.
import socket, sys

s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.bind((sys.argv[1], int(sys.argv[2])))
while True:
    data, sender = s.recvfrom(65535)
    if not data.startswith(b"[echo]"):
        s.sendto(b"[echo]" + data, sender)
