# Wrong: strip takes away the blanks at both ends of a message.
import socket, sys

sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
sock.bind((sys.argv[1], int(sys.argv[2])))
while True:
    message, sender = sock.recvfrom(65535)
    sock.sendto(b"-----> " + message.strip(), sender)
