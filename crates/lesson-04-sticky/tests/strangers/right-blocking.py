# Right: one client after the other; what came and is not whole yet is kept for the life of the connection. Argument 3: the limit.
import socket, sys

LIMIT = int(sys.argv[3]) if len(sys.argv) > 3 else 1024


def serve(conn):
    kept = b""
    while data := conn.recv(4096):
        *messages, kept = (kept + data).split(b"\n")
        for message in messages:
            if len(message) > LIMIT:
                raise OSError("a message is too long")
            conn.sendall(b"-----> " + message + b"\n")
        if len(kept) > LIMIT:
            raise OSError("a message is too long")


srv = socket.create_server((sys.argv[1], int(sys.argv[2])))
while True:
    conn, addr = srv.accept()
    with conn:
        try:
            serve(conn)
        except OSError as error:
            print(addr, error, file=sys.stderr, flush=True)
