"""Client that sends nothing: one recv, decoded as GBK and printed."""

import socket
import sys


def main():
    with socket.create_connection((sys.argv[1], int(sys.argv[2])), timeout=30) as connection:
        print(connection.recv(1024).decode("gbk"))


main()
