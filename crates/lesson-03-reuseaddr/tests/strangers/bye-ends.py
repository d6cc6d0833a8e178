# Mistake: takes what the client says last for the end of its stream, and closes when it has come.
import socket, sys

srv = socket.create_server((sys.argv[1], int(sys.argv[2])))
while True:
    conn, _ = srv.accept()
    with conn:
        try:
            conn.recv(6, socket.MSG_WAITALL)
            conn.sendall(b"hi")
            conn.recv(1024)
        except OSError as error:
            print(error, file=sys.stderr, flush=True)
