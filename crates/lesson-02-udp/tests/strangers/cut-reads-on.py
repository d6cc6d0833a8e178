# An echo server with the cure that streams need: it receives on while the buffer was full. Wrong: the rest of a
# datagram is gone, and the next receive takes the next datagram.
import socket, sys

s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.bind((sys.argv[1], int(sys.argv[2])))
while True:
    data, sender = s.recvfrom(1024)
    piece = data
    while len(piece) == 1024:
        piece, _ = s.recvfrom(1024)
        data += piece
    s.sendto(data, sender)
