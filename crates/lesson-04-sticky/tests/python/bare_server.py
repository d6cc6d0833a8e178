"""Server for `connect joined --broken`: one client; prints what each recv gave, and sends nothing back."""

import socket


def main():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        print("listening on 127.0.0.1:%d" % listener.getsockname()[1], flush=True)
        connection, _ = listener.accept()
    connection.settimeout(30)
    with connection:
        while data := connection.recv(10):
            print("----->", data.decode(), flush=True)


main()
