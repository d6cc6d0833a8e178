# Wrong: strip takes the blanks of a line away with its end, and they belong to it.
import socket, sys

def exact(sock, n):
    data = b""
    while len(data) < n:
        piece = sock.recv(n - len(data))
        if not piece:
            raise EOFError("the server has closed")
        data += piece
    return data

with socket.create_connection((sys.argv[1], int(sys.argv[2]))) as sock:
    for line in sys.stdin:
        line = line.strip().encode()
        if line:
            sock.sendall(line)
            print(exact(sock, 6 + len(line)).decode(), flush=True)
