# Right: three children share the listener and serve for as long as the server runs; they are in its process group.
import os, socket, sys

srv = socket.create_server((sys.argv[1], int(sys.argv[2])))
for _ in range(3):
    if os.fork() == 0:
        while True:
            conn, _ = srv.accept()
            with conn:
                try:
                    if conn.recv(6, socket.MSG_WAITALL) == b"hello!":
                        conn.sendall(b"hi")
                except OSError as error:
                    print(error, file=sys.stderr, flush=True)
os.wait()
