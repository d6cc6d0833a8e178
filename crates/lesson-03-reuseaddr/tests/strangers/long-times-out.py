# Mistake: a client that takes nothing for a moment is dropped in the middle of the greeting.
import socket, sys

srv = socket.create_server((sys.argv[1], int(sys.argv[2])))
srv.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 16384)
while True:
    conn, _ = srv.accept()
    with conn:
        conn.settimeout(0.3)
        try:
            conn.recv(6, socket.MSG_WAITALL)
            conn.sendall(b"hi" * 50_000)
        except OSError as error:
            print(error, file=sys.stderr, flush=True)
