# Mistake: asks the kernel for a free port, gives it back, and comes for it later.
import socket, sys, threading

with socket.socket() as probe:
    probe.bind((sys.argv[1], int(sys.argv[2])))
    host, port = probe.getsockname()
print(f"my server will be at {host}:{port}", flush=True)
sys.stdin.readline()
srv = socket.create_server((host, port))


def serve():
    conn, _ = srv.accept()
    conn.recv(6, socket.MSG_WAITALL)
    conn.sendall(b"hi")
    conn.close()


threading.Thread(target=serve).start()
with socket.create_connection((host, port)) as sock:
    sock.sendall(b"hello!")
    print(sock.recv(2, socket.MSG_WAITALL).decode(), flush=True)
