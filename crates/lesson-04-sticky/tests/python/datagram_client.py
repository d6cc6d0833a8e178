"""Client of `serve datagrams-keep`: two datagrams, then their answers. The answers say what the server received."""

import socket
import sys


def main():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as connection:
        connection.connect((sys.argv[1], int(sys.argv[2])))
        connection.settimeout(30)
        messages = [line.rstrip("\n").encode() for line in sys.stdin]
        for message in messages:
            connection.send(message)
        for _ in messages:
            print(connection.recv(2048).decode())


main()
