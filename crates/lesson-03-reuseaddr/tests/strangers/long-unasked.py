# Mistake: greets as soon as somebody connects, before the hello has come.
import socket, sys

srv = socket.create_server((sys.argv[1], int(sys.argv[2])))
while True:
    conn, _ = srv.accept()
    with conn:
        try:
            conn.sendall(b"hi" * 50_000)
            conn.shutdown(socket.SHUT_WR)
            while conn.recv(1024):
                pass
        except OSError as error:
            print(error, file=sys.stderr, flush=True)
