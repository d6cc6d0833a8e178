# Ends with an error at its third line, whatever comes back. Wrong: it fails where the server lives, too.
import socket, sys

server = (sys.argv[1], int(sys.argv[2]))
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.settimeout(5)
for number, line in enumerate(sys.stdin, 1):
    s.sendto(line.rstrip("\n").encode(), server)
    data, sender = s.recvfrom(65535)
    if number == 3:
        sys.exit("three lines are too many")
    print(data.decode(), flush=True)
