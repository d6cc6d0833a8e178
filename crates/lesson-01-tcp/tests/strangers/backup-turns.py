# Mistake: a half cure: 64 KiB out, 64 KiB in, in turns. The server reads nothing until all of its own is sent.
import socket, sys

SIZE, PIECE = 64 * 1024 * 1024, 65536
sock = socket.create_connection((sys.argv[1], int(sys.argv[2])))
file = sock.makefile("rb")
for _ in range(SIZE // PIECE):
    sock.sendall(b"c" * PIECE)
    if len(file.read(PIECE)) < PIECE:
        sys.exit("cut off")
print("the exchange is complete")
