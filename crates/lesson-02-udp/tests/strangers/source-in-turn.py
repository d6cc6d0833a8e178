# A socket for each address, received from in turn. Wrong: while it waits at one address the other is not served.
import socket, sys

first, second = (socket.socket(socket.AF_INET, socket.SOCK_DGRAM) for _ in range(2))
first.bind((sys.argv[1], int(sys.argv[2])))
second.bind(("127.0.0.2", int(sys.argv[2])))
while True:
    for s in (first, second):
        _, sender = s.recvfrom(65535)
        s.sendto(b"hi", sender)
