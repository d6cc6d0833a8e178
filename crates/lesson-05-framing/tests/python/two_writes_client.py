"""Client of `serve two-writes`: each line of standard input is a command, the results go to standard output.

Answer: the length as a C int of this machine, then so many bytes.
"""

import socket
import struct
import sys


def exactly(connection, wanted):
    parts = b""
    while len(parts) < wanted:
        piece = connection.recv(wanted - len(parts))
        if not piece:
            sys.exit(f"the end came after {len(parts)} of {wanted} bytes")
        parts += piece
    return parts


def main():
    with socket.create_connection((sys.argv[1], int(sys.argv[2])), timeout=30) as connection:
        for line in sys.stdin:
            connection.sendall(line.strip().encode())
            (length,) = struct.unpack("i", exactly(connection, 4))
            print(exactly(connection, length).decode())


main()
