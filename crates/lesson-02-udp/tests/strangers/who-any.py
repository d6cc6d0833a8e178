# Prints whatever datagram comes next. Wrong: it may be a stranger's. And where nobody has the port, it waits for ever.
import socket, sys

server = (sys.argv[1], int(sys.argv[2]))
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
for line in sys.stdin:
    s.sendto(line.rstrip("\n").encode(), server)
    data, sender = s.recvfrom(65535)
    print(data.decode(errors="replace"), flush=True)
