# Mistake: three children share the listener; the server ends with the first of them, and the others keep the address.
import os, socket, sys

srv = socket.create_server((sys.argv[1], int(sys.argv[2])))
for _ in range(3):
    if os.fork() == 0:
        conn, _ = srv.accept()
        with conn:
            if conn.recv(6, socket.MSG_WAITALL) == b"hello!":
                conn.sendall(b"hi")
        os._exit(0)
os.wait()
