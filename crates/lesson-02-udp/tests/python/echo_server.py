"""Sends every datagram back, but for the first one, which is as good as lost."""

import socket
import sys

host, port = (sys.argv[1:] + ["127.0.0.1", "0"])[:2]
with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as server:
    server.bind((host, int(port)))
    print("listening on %s:%d" % server.getsockname(), flush=True)
    data, client = server.recvfrom(65535)
    print("got", len(data), flush=True)
    while True:
        data, client = server.recvfrom(65535)
        print("got", len(data), flush=True)
        server.sendto(data, client)
