# Reads every datagram as Latin-1, which never fails. Wrong: each byte becomes some letter.
import socket, sys

s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.bind((sys.argv[1], int(sys.argv[2])))
while True:
    data, sender = s.recvfrom(65535)
    s.sendto(data.decode("latin-1").encode(), sender)
