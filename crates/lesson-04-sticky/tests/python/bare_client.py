"""Client of `serve joined --broken` and `serve divided --broken`: one send for each line of standard input, without an end.

It reads nothing and leaves.
"""

import socket
import sys


def main():
    with socket.create_connection((sys.argv[1], int(sys.argv[2])), timeout=30) as connection:
        for line in sys.stdin:
            connection.send(line.rstrip("\n").encode())


main()
