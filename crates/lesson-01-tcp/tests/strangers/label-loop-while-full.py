# Mistake: a loop that ends when recv gives less than the buffer: so does every piece, and an answer of exactly 16 bytes hangs.
import socket, sys

sock = socket.create_connection((sys.argv[1], int(sys.argv[2])))
for line in sys.stdin:
    line = line.rstrip("\n")
    if not line:
        continue
    sock.sendall(line.encode())
    answer = b""
    while True:
        piece = sock.recv(16)
        answer += piece
        if len(piece) < 16:
            break
    print(answer.decode(), flush=True)
