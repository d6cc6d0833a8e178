# Right, and slow: recv(1) until the newline, so nothing is ever read ahead. Argument 3: the limit.
import socket, sys

LIMIT = int(sys.argv[3]) if len(sys.argv) > 3 else 1024


def next_message(conn):
    message = bytearray()
    while not message.endswith(b"\n"):
        byte = conn.recv(1)
        if not byte or len(message) > LIMIT:
            return None
        message += byte
    return bytes(message)


srv = socket.create_server((sys.argv[1], int(sys.argv[2])))
while True:
    conn, _ = srv.accept()
    with conn:
        try:
            while message := next_message(conn):
                conn.sendall(b"-----> " + message)
        except OSError as error:
            print(error, file=sys.stderr, flush=True)
