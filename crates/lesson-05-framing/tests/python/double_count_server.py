"""Server for `connect double-count`: one client, whose commands come back as their own results.

Answer: struct "i" (native order), a JSON header of so many bytes, then data_size bytes, each sent on its own.
"""

import json
import socket
import struct


def main():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        print("listening on 127.0.0.1:%d" % listener.getsockname()[1], flush=True)
        connection, _ = listener.accept()
    connection.settimeout(30)
    with connection:
        while command := connection.recv(1024):
            header = json.dumps({"data_size": len(command)}).encode()
            connection.sendall(struct.pack("i", len(header)))
            connection.sendall(header)
            connection.sendall(command)


main()
