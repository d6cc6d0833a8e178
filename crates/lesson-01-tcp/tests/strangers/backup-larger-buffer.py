# Mistake: a wrong cure: larger buffers of the kernel. They are not as large as what is sent.
import socket, sys

SIZE = 64 * 1024 * 1024
sock = socket.socket()
sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 8 * 1024 * 1024)
sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 8 * 1024 * 1024)
sock.connect((sys.argv[1], int(sys.argv[2])))
for _ in range(SIZE // 65536):
    sock.sendall(b"c" * 65536)
taken = 0
while taken < SIZE:
    piece = sock.recv(1 << 16)
    if not piece:
        sys.exit("cut off")
    taken += len(piece)
print("the exchange is complete")
