# Mistake, half a cure: keeps a socket bound, with SO_REUSEADDR and without listen: another one with the option may listen there.
import socket, sys, threading

srv = socket.socket()
srv.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
srv.bind((sys.argv[1], int(sys.argv[2])))
host, port = srv.getsockname()
print(f"my server will be at {host}:{port}", flush=True)
sys.stdin.readline()
srv.listen()


def serve():
    conn, _ = srv.accept()
    conn.recv(6, socket.MSG_WAITALL)
    conn.sendall(b"hi")
    conn.close()


threading.Thread(target=serve).start()
with socket.create_connection((host, port)) as sock:
    sock.sendall(b"hello!")
    print(sock.recv(2, socket.MSG_WAITALL).decode(), flush=True)
