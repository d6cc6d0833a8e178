# Mistake: one send on a non-blocking socket, and nobody looks at how much of the greeting it took.
import socket, sys

srv = socket.create_server((sys.argv[1], int(sys.argv[2])))
srv.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 16384)
while True:
    conn, _ = srv.accept()
    with conn:
        conn.recv(6, socket.MSG_WAITALL)
        conn.setblocking(False)
        conn.send(b"hi" * 50_000)
