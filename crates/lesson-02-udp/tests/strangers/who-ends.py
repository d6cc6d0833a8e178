# Ends with an error when somebody else than the server sends a datagram. Half a cure: now any stranger can end it.
import socket, sys

server = (sys.argv[1], int(sys.argv[2]))
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.settimeout(5)
for line in sys.stdin:
    s.sendto(line.rstrip("\n").encode(), server)
    data, sender = s.recvfrom(65535)
    if sender != server:
        sys.exit(f"a datagram from {sender}")
    print(data.decode(errors="replace"), flush=True)
