# Right, another cure: what is too long is thrown away up to its newline, and the connection stays.
import socket, sys

LIMIT = 1024


def serve(conn):
    kept, skipping = b"", False
    while data := conn.recv(4096):
        *messages, kept = (kept + data).split(b"\n")
        for message in messages:
            if not skipping and len(message) <= LIMIT:
                conn.sendall(b"-----> " + message + b"\n")
            skipping = False
        if len(kept) > LIMIT:
            kept, skipping = b"", True


srv = socket.create_server((sys.argv[1], int(sys.argv[2])))
while True:
    conn, _ = srv.accept()
    with conn:
        try:
            serve(conn)
        except OSError as error:
            print(error, file=sys.stderr, flush=True)
