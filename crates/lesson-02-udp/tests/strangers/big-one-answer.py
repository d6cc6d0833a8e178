# Sends a long line in pieces of 20000 bytes, and takes one answer a line. Wrong: each piece has an answer, so from here on
# every line gets that of an earlier piece.
import socket, sys

server = (sys.argv[1], int(sys.argv[2]))
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
for line in sys.stdin:
    data = line.rstrip("\n").encode()
    for start in range(0, len(data), 20000):
        s.sendto(data[start : start + 20000], server)
    print(s.recv(65535).decode(), flush=True)
