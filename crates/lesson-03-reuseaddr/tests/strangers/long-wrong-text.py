# Mistake: as many bytes as the greeting has, and the second half of them is something else.
import socket, sys

srv = socket.create_server((sys.argv[1], int(sys.argv[2])))
while True:
    conn, _ = srv.accept()
    with conn:
        conn.recv(6, socket.MSG_WAITALL)
        conn.sendall(b"hi" * 25_000 + b"ho" * 25_000)
