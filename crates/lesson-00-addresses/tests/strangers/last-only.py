# Mistake: takes the last of the addresses, which happened to work.
import socket, sys

sock = socket.create_connection((sys.stdin.read().split()[-1], int(sys.argv[2])), timeout=5)
print(sock.makefile().readline().strip())
