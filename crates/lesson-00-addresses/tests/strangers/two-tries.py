# Mistake, half a cure: tries the second address when the first is refused, and no third.
import socket, sys

first, second = sys.stdin.read().split()[:2]
try:
    sock = socket.create_connection((first, int(sys.argv[2])), timeout=5)
except OSError:
    sock = socket.create_connection((second, int(sys.argv[2])), timeout=5)
print(sock.makefile().readline().strip())
