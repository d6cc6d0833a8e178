# Ends with an error after its second line, whatever comes back. Wrong: it fails where the server lives, too.
import socket, sys

server = (sys.argv[1], int(sys.argv[2]))
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.settimeout(5)
for number, line in enumerate(sys.stdin):
    s.sendto(line.rstrip("\n").encode(), server)
    print(s.recvfrom(65535)[number].decode(), flush=True)
