"""Client of `serve wrong-encoding`: sends a text of two characters in GBK, 4 bytes, and leaves."""

import socket
import sys


def main():
    with socket.create_connection((sys.argv[1], int(sys.argv[2])), timeout=30) as connection:
        connection.sendall("数据".encode("gbk"))


main()
