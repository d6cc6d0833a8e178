"""Client of `serve two-readers`: each line of standard input is sent as its length, a newline and its bytes."""

import socket
import sys


def main():
    with socket.create_connection((sys.argv[1], int(sys.argv[2])), timeout=30) as connection:
        answers = connection.makefile("rb")
        for line in sys.stdin.buffer:
            message = line.rstrip(b"\r\n")
            connection.sendall(b"%d\n%s" % (len(message), message))
            sys.stdout.buffer.write(answers.readline())


main()
