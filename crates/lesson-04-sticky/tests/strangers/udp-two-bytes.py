# Mistake: a buffer of 2 bytes, as for a stream; what does not fit is lost.
import socket, sys

sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
sock.bind((sys.argv[1], int(sys.argv[2])))
while True:
    message, sender = sock.recvfrom(2)
    sock.sendto(b"-----> " + message, sender)
