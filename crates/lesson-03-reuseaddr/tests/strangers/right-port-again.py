# Right, another cure: gives the port back, but takes another one when it is gone, and says which.
import socket, sys, threading

with socket.socket() as probe:
    probe.bind((sys.argv[1], int(sys.argv[2])))
    host, port = probe.getsockname()
print(f"my server will be at {host}:{port}", flush=True)
sys.stdin.readline()
try:
    srv = socket.create_server((host, port))
except OSError as error:
    print(error, file=sys.stderr, flush=True)
    srv = socket.create_server((host, 0))
    host, port = srv.getsockname()
    print(f"my server is at {host}:{port}", flush=True)


def serve():
    conn, _ = srv.accept()
    with conn:
        conn.recv(6, socket.MSG_WAITALL)
        conn.sendall(b"hi")


threading.Thread(target=serve, daemon=True).start()
with socket.create_connection((host, port)) as sock:
    sock.sendall(b"hello!")
    print(sock.recv(2, socket.MSG_WAITALL).decode(), flush=True)
