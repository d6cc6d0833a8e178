# Lets the client close first, but its greeting is "ho".
import socket, sys

srv = socket.create_server((sys.argv[1], int(sys.argv[2])))
while True:
    conn, _ = srv.accept()
    with conn:
        try:
            conn.recv(6, socket.MSG_WAITALL)
            conn.sendall(b"ho")
            while conn.recv(1024):
                pass
        except OSError as error:
            print(error, file=sys.stderr, flush=True)
