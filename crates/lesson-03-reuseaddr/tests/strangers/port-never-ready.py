# Mistake: keeps the listener, but waits for a client before it is one itself.
import socket, sys

srv = socket.create_server((sys.argv[1], int(sys.argv[2])))
host, port = srv.getsockname()
print(f"my server will be at {host}:{port}", flush=True)
sys.stdin.readline()
conn, _ = srv.accept()
with socket.create_connection((host, port)) as sock:
    print(sock.recv(2).decode(), flush=True)
