"""The server speaks first: byebye, then hihi."""

import socket
import sys


def serve():
    listener = socket.create_server(("127.0.0.1", 0))
    print("listening on %s:%d" % listener.getsockname(), flush=True)
    connection, _ = listener.accept()
    with connection:
        connection.sendall(b"byebye")
        print(connection.recv(512))


def connect(host, port):
    with socket.create_connection((host, int(port)), timeout=60) as connection:
        print(connection.recv(512))
        connection.sendall(b"hihi")


if sys.argv[1:]:
    connect(*sys.argv[1:])
else:
    serve()
