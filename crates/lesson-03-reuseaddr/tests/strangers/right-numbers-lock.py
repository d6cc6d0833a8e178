# Right, another cure: SO_REUSEPORT, and a name that only one socket of this machine can have; the second one says that the first is running.
import socket, sys

lock = socket.socket(socket.AF_UNIX)
try:
    lock.bind(f"\0numbers-{sys.argv[2]}")
except OSError:
    sys.exit(f"a server is already running at {sys.argv[1]}:{sys.argv[2]}")
srv = socket.create_server((sys.argv[1], int(sys.argv[2])), reuse_port=True)
number = 0
while True:
    conn, _ = srv.accept()
    number += 1
    with conn:
        conn.recv(6, socket.MSG_WAITALL)
        conn.sendall(f"hi {number}".encode())
