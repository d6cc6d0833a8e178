# Stops answering when a datagram has three marks. Half a cure: an answer is answered, only not for ever.
import socket, sys

s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.bind((sys.argv[1], int(sys.argv[2])))
while True:
    data, sender = s.recvfrom(65535)
    if data.count(b"[echo] ") < 3:
        s.sendto(b"[echo] " + data, sender)
