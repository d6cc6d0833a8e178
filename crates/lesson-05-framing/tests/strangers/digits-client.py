# Wrong: expects the length in digits, and acknowledges it.
import socket
import sys

with socket.create_connection((sys.argv[1], int(sys.argv[2]))) as conn:
    for line in sys.stdin:
        conn.sendall(line.strip().encode())
        length = int(conn.recv(1024))
        conn.sendall(b"recv_ready")
        print(conn.recv(length).decode(), flush=True)
