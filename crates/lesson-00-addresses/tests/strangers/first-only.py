# Mistake: takes the first of the addresses.
import socket, sys

addresses = sys.stdin.read().split()
sock = socket.create_connection((addresses[0], int(sys.argv[2])), timeout=5)
print(sock.makefile().readline().strip())
