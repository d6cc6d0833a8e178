"""Server for `connect wrong-encoding`: one client, one recv, decoded as GBK and printed."""

import socket


def main():
    with socket.create_server(("127.0.0.1", 0), backlog=128) as listener:
        print("listening on 127.0.0.1:%d" % listener.getsockname()[1], flush=True)
        connection, _ = listener.accept()
    connection.settimeout(30)
    with connection:
        print(connection.recv(1024).decode("gbk"), flush=True)


main()
