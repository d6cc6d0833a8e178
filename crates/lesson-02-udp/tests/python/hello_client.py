"""Client of `serve client-first`: sends hello once, prints the answer. It knows the server to be there."""

import socket
import sys


def main():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as client:
        client.settimeout(30)
        client.sendto(b"hello", (sys.argv[1], int(sys.argv[2])))
        answer, server = client.recvfrom(1024)
        print("%s from %s:%d" % (answer.decode(), *server))


main()
