# Mistake: answers whatever the first recv gives, also half a hello.
import socket, sys

srv = socket.create_server((sys.argv[1], int(sys.argv[2])))
while True:
    conn, _ = srv.accept()
    with conn:
        try:
            if conn.recv(1024):
                conn.sendall(b"hi")
        except OSError as error:
            print(error, file=sys.stderr, flush=True)
