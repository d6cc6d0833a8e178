# Mistake: a wrong cure: a deadline for sendall. It does not hang any more, and nothing is exchanged.
import socket, sys

SIZE = 64 * 1024 * 1024
sock = socket.create_connection((sys.argv[1], int(sys.argv[2])))
sock.settimeout(1)
sock.sendall(b"c" * SIZE)
taken = 0
while taken < SIZE:
    taken += len(sock.recv(1 << 16))
print("the exchange is complete")
