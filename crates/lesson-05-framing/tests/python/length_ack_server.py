"""Server for `connect length-ack --broken`: one client, whose commands come back as their own results.

Answer: the length in decimal digits, which nothing ends; the client says recv_ready; then so many bytes.
"""

import socket
import sys


def main():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        print("listening on 127.0.0.1:%d" % listener.getsockname()[1], flush=True)
        connection, _ = listener.accept()
    connection.settimeout(30)
    with connection:
        while command := connection.recv(1024):
            connection.sendall(str(len(command)).encode())
            ready = connection.recv(1024)
            if ready != b"recv_ready":
                sys.exit(f"the acknowledgement is {ready!r}")
            connection.sendall(command)


main()
