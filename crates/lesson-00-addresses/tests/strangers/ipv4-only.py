# Mistake, a cure from the net: takes the first IPv4 address and forgets all others.
import socket, sys

for address in sys.stdin.read().split():
    if ":" not in address:
        break
sock = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
sock.settimeout(5)
sock.connect((address, int(sys.argv[2])))
print(sock.makefile().readline().strip())
