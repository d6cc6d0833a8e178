# Right: another cure: the two take turns: it reads the backup of the server first, and sends its own after that.
import socket, sys

SIZE = 64 * 1024 * 1024
with socket.create_connection((sys.argv[1], int(sys.argv[2]))) as sock:
    with sock.makefile("rb") as file:
        taken = 0
        while taken < SIZE:
            piece = file.read1(min(1 << 18, SIZE - taken))
            if not piece:
                sys.exit("the backup of the server is cut off")
            taken += len(piece)
    sock.sendall(b"c" * SIZE)
print("the exchange is complete")
