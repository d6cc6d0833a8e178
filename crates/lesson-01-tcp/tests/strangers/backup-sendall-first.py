# Mistake: sends all of it and reads then; so does the server.
import socket, sys

SIZE = 64 * 1024 * 1024
sock = socket.create_connection((sys.argv[1], int(sys.argv[2])))
sock.sendall(b"c" * SIZE)
taken = 0
while taken < SIZE:
    piece = sock.recv(1 << 16)
    if not piece:
        sys.exit("cut off")
    taken += len(piece)
print("the exchange is complete")
