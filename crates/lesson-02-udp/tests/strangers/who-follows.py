# Sends each line to whoever sent the last datagram. Wrong: a stranger takes the conversation over.
import socket, sys

server = (sys.argv[1], int(sys.argv[2]))
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.settimeout(5)
for line in sys.stdin:
    s.sendto(line.rstrip("\n").encode(), server)
    data, server = s.recvfrom(65535)
    print(data.decode(errors="replace"), flush=True)
