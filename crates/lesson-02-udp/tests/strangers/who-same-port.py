# Compares the port of the sender, not the host. Half a cure: any machine can send from that port.
import socket, sys

server = (sys.argv[1], int(sys.argv[2]))
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.settimeout(5)
for line in sys.stdin:
    s.sendto(line.rstrip("\n").encode(), server)
    sender = ("", 0)
    while sender[1] != server[1]:
        data, sender = s.recvfrom(65535)
    print(data.decode(errors="replace"), flush=True)
