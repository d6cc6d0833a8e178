"""Server for `connect gbk`: one datagram; prints its bytes, and answers with the same text in UTF-8."""

import socket


def main():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as receiver:
        receiver.bind(("127.0.0.1", 0))
        print("listening on 127.0.0.1:%d" % receiver.getsockname()[1], flush=True)
        receiver.settimeout(30)
        data, sender = receiver.recvfrom(1024)
        print(data, flush=True)
        receiver.sendto(data.decode("gbk").encode(), sender)


main()
