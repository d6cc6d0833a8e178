# Asks each line from a new port. Half a cure: a stranger has to be quicker, and then is believed.
import socket, sys

for line in sys.stdin:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
        s.settimeout(5)
        s.sendto(line.rstrip("\n").encode(), (sys.argv[1], int(sys.argv[2])))
        print(s.recv(65535).decode(errors="replace"), flush=True)
