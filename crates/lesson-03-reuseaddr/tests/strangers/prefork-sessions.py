# Mistake: children in sessions of their own share the listener, and keep the address when the server is killed.
import os, socket, sys

srv = socket.create_server((sys.argv[1], int(sys.argv[2])))
for _ in range(3):
    if os.fork() == 0:
        os.setsid()
        while True:
            conn, _ = srv.accept()
            with conn:
                try:
                    if conn.recv(6, socket.MSG_WAITALL) == b"hello!":
                        conn.sendall(b"hi")
                        conn.recv(1)
                except OSError as error:
                    print(error, file=sys.stderr, flush=True)
os.wait()
