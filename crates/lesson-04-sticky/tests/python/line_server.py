"""Server for the finished client: one client; acknowledges each line, in pieces of one byte."""

import socket


def main():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        print("listening on 127.0.0.1:%d" % listener.getsockname()[1], flush=True)
        connection, _ = listener.accept()
    connection.settimeout(30)
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    with connection, connection.makefile("rb") as messages:
        while message := messages.readline(1025):
            for byte in b"-----> " + message:
                connection.send(bytes([byte]))


main()
