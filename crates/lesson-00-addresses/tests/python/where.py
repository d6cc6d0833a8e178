"""Asks HOST at PORT where this client is seen from, and prints the answer."""

import socket
import sys

host, port = sys.argv[1], int(sys.argv[2])
# create_connection tries every address of the name, as TcpStream::connect does.
with socket.create_connection((host, port), timeout=30) as peer, peer.makefile(encoding="ascii") as answer:
    print(answer.readline(), end="")
