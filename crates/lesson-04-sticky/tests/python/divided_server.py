"""Server for `connect divided --broken`: one client; reads up to 2 bytes, then up to 10, and prints both."""

import socket


def main():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        print("listening on 127.0.0.1:%d" % listener.getsockname()[1], flush=True)
        connection, _ = listener.accept()
    connection.settimeout(30)
    with connection:
        first = connection.recv(2)
        second = connection.recv(10)
        print("----->", first.decode())
        print("----->", second.decode())


main()
