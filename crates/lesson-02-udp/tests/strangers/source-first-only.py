# Answers `hi` at the one address that it was told. Wrong here: at 127.0.0.2 nobody answers.
import socket, sys

s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.bind((sys.argv[1], int(sys.argv[2])))
while True:
    _, sender = s.recvfrom(65535)
    s.sendto(b"hi", sender)
