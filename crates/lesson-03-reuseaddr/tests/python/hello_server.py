"""Server of one hello: greets one client, closes first and ends. With the word `reuse` it sets SO_REUSEADDR before bind."""

import socket
import sys


def main():
    with socket.socket() as listener:
        if "reuse" in sys.argv:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((sys.argv[1], int(sys.argv[2])))
        listener.listen()
        print("listening on %s:%d" % listener.getsockname(), flush=True)
        connection, _ = listener.accept()
    connection.settimeout(30)
    with connection:
        print(connection.recv(1024).decode(), flush=True)
        connection.sendall(b"hi")


main()
