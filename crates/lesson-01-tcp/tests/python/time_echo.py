"""The time echo: every piece comes back with the local time before it."""

import socket
import sys
import time


def serve():
    listener = socket.create_server(("127.0.0.1", 0))
    print("listening on %s:%d" % listener.getsockname(), flush=True)
    while True:
        connection, _ = listener.accept()
        with connection:
            while piece := connection.recv(1024):
                connection.sendall(b"[%s] %s" % (time.ctime().encode(), piece))


def connect(host, port):
    with socket.create_connection((host, int(port)), timeout=60) as connection:
        for line in sys.stdin:
            message = line.rstrip("\n").encode()
            connection.sendall(message)
            answer = b""
            while len(answer) < 27 + len(message):
                piece = connection.recv(1024)
                if not piece:
                    sys.exit("the stream ended in an answer")
                answer += piece
            stamp, rest = answer[:27].decode(), answer[27:].decode()
            time.strptime(stamp, "[%a %b %d %H:%M:%S %Y] ")
            print(rest)


if sys.argv[1:]:
    connect(*sys.argv[1:])
else:
    serve()
