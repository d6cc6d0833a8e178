"""Client of the finished program: each line of standard input is a message, and a newline ends it."""

import socket
import sys


def main():
    with socket.create_connection((sys.argv[1], int(sys.argv[2])), timeout=30) as connection:
        answers = connection.makefile("rb")
        for line in sys.stdin.buffer:
            connection.sendall(line)
        connection.shutdown(socket.SHUT_WR)
        for answer in answers:
            sys.stdout.buffer.write(answer)


main()
