# Right: reads as many bytes as each answer has; an empty line is not sent.
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
    for line in sys.stdin.buffer:
        line = line.rstrip(b"\r\n")
        if not line:
            print("nothing to send", file=sys.stderr)
            continue
        sock.sendall(line)
        print(exact(sock, len(b"echo: ") + len(line)).decode(), flush=True)
