# Sends each line and prints the answer; compares the sender of each datagram and waits on for 2 seconds. Right: a timeout
# tells of a dead port as well.
import socket, sys, time

server = (sys.argv[1], int(sys.argv[2]))
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
for line in sys.stdin:
    s.sendto(line.rstrip("\n").encode(), server)
    until = time.monotonic() + 2
    sender = None
    while sender != server:
        left = until - time.monotonic()
        if left <= 0:
            sys.exit("no answer")
        s.settimeout(left)
        data, sender = s.recvfrom(65535)
    print(data.decode(), flush=True)
