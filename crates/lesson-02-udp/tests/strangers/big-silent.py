# Catches the error and says nothing. Half a cure: a line is lost, and nobody ever learns of it.
import socket, sys

server = (sys.argv[1], int(sys.argv[2]))
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.settimeout(5)
for line in sys.stdin:
    try:
        s.sendto(line.rstrip("\n").encode(), server)
    except OSError:
        continue
    print(s.recv(65535).decode(), flush=True)
