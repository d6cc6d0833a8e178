"""Sender to `serve gbk`: the word for data as one datagram in GBK, 4 bytes. It waits for nothing."""

import socket
import sys


def main():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
        sent = sender.sendto("\u6570\u636e".encode("gbk"), (sys.argv[1], int(sys.argv[2])))
        print(sent)


main()
