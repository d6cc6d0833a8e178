# Sends each line and prints the answer; connected, so that the kernel keeps strangers away and tells of a dead port. Right.
import socket, sys

s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.connect((sys.argv[1], int(sys.argv[2])))
s.settimeout(5)
for line in sys.stdin:
    s.send(line.rstrip("\n").encode())
    print(s.recv(65535).decode(), flush=True)
