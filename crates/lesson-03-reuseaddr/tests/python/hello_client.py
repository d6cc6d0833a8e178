"""Client of one hello: says `hello!`, prints the answer and leaves when the server has closed."""

import socket
import sys


def main():
    with socket.create_connection((sys.argv[1], int(sys.argv[2])), timeout=30) as connection:
        connection.sendall(b"hello!")
        print(connection.recv(1024).decode())
        assert connection.recv(1024) == b"", "the server closes first"


main()
