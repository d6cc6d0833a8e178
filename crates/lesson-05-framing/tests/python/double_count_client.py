"""Client of `serve double-count`: each line of standard input is a command, the results go to standard output.

Answer: struct "i" (native order), a JSON header of so many bytes, then data_size bytes.
"""

import json
import socket
import struct
import sys


def main():
    with socket.create_connection((sys.argv[1], int(sys.argv[2])), timeout=30) as connection:
        incoming = connection.makefile("rb")
        for line in sys.stdin:
            connection.sendall(line.rstrip("\n").encode())
            (length,) = struct.unpack("i", incoming.read(struct.calcsize("i")))
            header = incoming.read(length)
            size = json.loads(header)["data_size"]
            if header != json.dumps({"data_size": size}).encode():
                sys.exit(f"json.dumps writes the header in another form than {header!r}")
            print(incoming.read(size).decode())


main()
