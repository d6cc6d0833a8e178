# Mistake: connects to the first sender, so nobody else is ever heard.
import socket, sys

sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
sock.bind((sys.argv[1], int(sys.argv[2])))
message, sender = sock.recvfrom(65535)
sock.connect(sender)
while True:
    sock.send(b"-----> " + message)
    message = sock.recv(65535)
