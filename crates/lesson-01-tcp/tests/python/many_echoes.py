"""Echoes of at most 10 bytes, one client after the other."""

import socket
import sys


def serve():
    listener = socket.create_server(("127.0.0.1", 0))
    print("listening on %s:%d" % listener.getsockname(), flush=True)
    while True:
        connection, _ = listener.accept()
        with connection:
            while piece := connection.recv(10):
                connection.sendall(piece)


def connect(host, port):
    with socket.create_connection((host, int(port)), timeout=60) as connection:
        for line in sys.stdin:
            message = line.rstrip("\n").encode()
            connection.sendall(message)
            answer = b""
            while len(answer) < len(message):
                answer += connection.recv(10)
            print(answer.decode())


if sys.argv[1:]:
    connect(*sys.argv[1:])
else:
    serve()
