# Compares the sender, and tells a stranger that it is none of his business. Wrong: whoever forges an address can have
# datagrams sent to others.
import socket, sys

server = (sys.argv[1], int(sys.argv[2]))
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.settimeout(5)
for line in sys.stdin:
    s.sendto(line.rstrip("\n").encode(), server)
    data, sender = s.recvfrom(65535)
    while sender != server:
        s.sendto(b"who are you?", sender)
        data, sender = s.recvfrom(65535)
    print(data.decode(), flush=True)
