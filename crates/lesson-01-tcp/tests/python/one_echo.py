"""One echo of at most 100 bytes."""

import socket
import sys


def serve():
    listener = socket.create_server(("127.0.0.1", 0))
    print("listening on %s:%d" % listener.getsockname(), flush=True)
    connection, _ = listener.accept()
    with connection:
        connection.sendall(connection.recv(100))


def connect(host, port):
    with socket.create_connection((host, int(port)), timeout=60) as connection:
        connection.sendall(b"hello")
        print(connection.recv(100))


if sys.argv[1:]:
    connect(*sys.argv[1:])
else:
    serve()
