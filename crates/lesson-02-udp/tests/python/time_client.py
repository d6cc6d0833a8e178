"""A client of the time over UDP: sends each line of its input and prints what comes back; an empty line ends it."""

import socket
import sys

host, port = sys.argv[1:]
with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as client:
    client.settimeout(60)
    for line in sys.stdin:
        line = line.rstrip("\n")
        if not line:
            break
        client.sendto(line.encode(), (host, int(port)))
        answer, _ = client.recvfrom(1024)
        print(answer.decode())
