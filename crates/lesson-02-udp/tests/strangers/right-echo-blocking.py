# An echo server: one blocking socket, room for the largest datagram. Right.
import socket, sys

s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.bind((sys.argv[1], int(sys.argv[2])))
while True:
    data, sender = s.recvfrom(65535)
    try:
        s.sendto(data, sender)
    except OSError as error:
        print(sender, error, file=sys.stderr)
