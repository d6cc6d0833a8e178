# Right, another cure: the socket is bound, without SO_REUSEADDR, from the beginning, and listens later.
import os, socket, sys

srv = socket.socket()
srv.bind((sys.argv[1], int(sys.argv[2])))
host, port = srv.getsockname()
print(f"my server will be at {host}:{port}", flush=True)
sys.stdin.readline()
srv.listen()
if os.fork() == 0:
    conn, _ = srv.accept()
    conn.recv(6, socket.MSG_WAITALL)
    conn.sendall(b"hi")
    os._exit(0)
with socket.create_connection((host, port)) as sock:
    sock.sendall(b"hello!")
    print(sock.recv(2, socket.MSG_WAITALL).decode(), flush=True)
