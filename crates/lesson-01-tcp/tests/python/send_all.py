"""Complete sending, by sendall and by hand."""

import socket
import sys


def serve():
    listener = socket.create_server(("127.0.0.1", 0))
    print("listening on %s:%d" % listener.getsockname(), flush=True)
    connection, _ = listener.accept()
    with connection:
        message = b""
        while piece := connection.recv(1024):
            message += piece
        print(message)


def connect(host, port):
    with socket.create_connection((host, int(port)), timeout=60) as connection:
        rest = b"Hello world\n"
        while rest:
            rest = rest[connection.send(rest):]


if sys.argv[1:]:
    connect(*sys.argv[1:])
else:
    serve()
