"""The time over UDP: sends each datagram back behind the time. The datagram exit ends it."""

import socket
import sys
import time

host, port = (sys.argv[1:] + ["127.0.0.1", "0"])[:2]
with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as server:
    server.bind((host, int(port)))
    print("listening on %s:%d" % server.getsockname(), flush=True)
    while True:
        data, client = server.recvfrom(1024)
        server.sendto(b"[" + time.ctime().encode() + b"] " + data, client)
        print("answered", len(data), flush=True)
        if data == b"exit":
            break
