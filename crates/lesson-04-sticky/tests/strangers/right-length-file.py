# Right: one buffered file for lengths and messages.
import socket, sys


def serve(conn):
    with conn.makefile("rb") as stream:
        while line := stream.readline(6):
            length = int(line)
            if not line.endswith(b"\n") or not 0 <= length <= 1024:
                raise ValueError(f"not a length: {line!r}")
            message = stream.read(length)
            if len(message) < length:
                raise OSError("the stream ended inside a message")
            conn.sendall(b"-----> " + message + b"\n")


srv = socket.create_server((sys.argv[1], int(sys.argv[2])))
while True:
    conn, addr = srv.accept()
    with conn:
        try:
            serve(conn)
        except (OSError, ValueError) as error:
            print(addr, error, file=sys.stderr, flush=True)
