# An echo server with a list of clients that takes a datagram without bytes for a goodbye. Wrong: who sent it is not
# served any more.
import socket, sys

s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.bind((sys.argv[1], int(sys.argv[2])))
gone = set()
while True:
    data, sender = s.recvfrom(65535)
    if not data:
        gone.add(sender)
    if sender not in gone or not data:
        s.sendto(data, sender)
