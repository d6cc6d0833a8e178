"""Server for `connect client-first`: one datagram, which it prints and answers with hi."""

import socket


def main():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as server:
        server.bind(("127.0.0.1", 0))
        print("listening on 127.0.0.1:%d" % server.getsockname()[1], flush=True)
        server.settimeout(30)
        data, client = server.recvfrom(1024)
        print(data.decode(), flush=True)
        server.sendto(b"hi", client)


main()
