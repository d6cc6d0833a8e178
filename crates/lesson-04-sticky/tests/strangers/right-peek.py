# Right: MSG_PEEK finds the newline, and then exactly that many bytes are taken: the rest stays in the kernel's queue.
import socket, sys

LIMIT = int(sys.argv[3]) if len(sys.argv) > 3 else 1024


def next_message(conn):
    message = b""
    while len(message) <= LIMIT:
        seen = conn.recv(LIMIT + 1, socket.MSG_PEEK)
        if not seen:
            return None
        piece = conn.recv(seen.find(b"\n") + 1 or len(seen))
        message += piece
        if piece.endswith(b"\n"):
            return message
    return None


srv = socket.create_server((sys.argv[1], int(sys.argv[2])))
while True:
    conn, _ = srv.accept()
    with conn:
        try:
            while message := next_message(conn):
                conn.sendall(b"-----> " + message)
        except OSError as error:
            print(error, file=sys.stderr, flush=True)
