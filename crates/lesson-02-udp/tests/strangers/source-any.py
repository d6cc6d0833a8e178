# Answers `hi` with one socket for all addresses. Wrong: asked at 127.0.0.2, it answers from 127.0.0.1.
import socket, sys

s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.bind(("", int(sys.argv[2])))
while True:
    _, sender = s.recvfrom(65535)
    s.sendto(b"hi", sender)
