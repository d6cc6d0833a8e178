# Mistake: the buffer has exactly the longest length, so a longer datagram is cut, and its beginning is read as a message.
import socket, sys

sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
sock.bind((sys.argv[1], int(sys.argv[2])))
while True:
    message, sender = sock.recvfrom(1024)
    sock.sendto(b"-----> " + message, sender)
