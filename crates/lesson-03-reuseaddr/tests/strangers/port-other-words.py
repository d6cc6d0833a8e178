# Keeps its port, but its server does not say "hi".
import socket, sys, threading

srv = socket.create_server((sys.argv[1], int(sys.argv[2])))
host, port = srv.getsockname()
print(f"my server will be at {host}:{port}", flush=True)
sys.stdin.readline()


def serve():
    conn, _ = srv.accept()
    with conn:
        conn.recv(6, socket.MSG_WAITALL)
        conn.sendall(b"hello yourself")


threading.Thread(target=serve, daemon=True).start()
with socket.create_connection((host, port)) as sock:
    sock.sendall(b"hello!")
    print(sock.makefile().read(), flush=True)
