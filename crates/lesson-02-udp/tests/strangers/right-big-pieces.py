# Sends a long line in pieces of 1000 bytes, each one answered before the next. Right: all of it arrives.
import socket, sys

s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.connect((sys.argv[1], int(sys.argv[2])))
s.settimeout(5)
for line in sys.stdin:
    data = line.rstrip("\n").encode()
    for start in range(0, len(data) or 1, 1000):
        s.send(data[start : start + 1000])
        print(s.recv(65535).decode(), flush=True)
