"""Server for `connect two-writes`: one client, whose commands come back as their own results.

Answer: the length as a C int of this machine, then so many bytes, sent one after the other.
"""

import socket
import struct


def main():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        print("listening on 127.0.0.1:%d" % listener.getsockname()[1], flush=True)
        connection, _ = listener.accept()
    connection.settimeout(30)
    with connection:
        while command := connection.recv(1024):
            connection.sendall(struct.pack("i", len(command)))
            connection.sendall(command)


main()
