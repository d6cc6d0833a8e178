# Mistake: a socket with a timeout does not block in CPython, so MSG_WAITALL waits for nothing and gives half a hello.
import socket, sys

srv = socket.create_server((sys.argv[1], int(sys.argv[2])))
while True:
    conn, addr = srv.accept()
    with conn:
        try:
            conn.settimeout(5)
            if conn.recv(6, socket.MSG_WAITALL) == b"hello!":
                conn.sendall(b"hi")
        except OSError as error:
            print(addr, error, file=sys.stderr, flush=True)
