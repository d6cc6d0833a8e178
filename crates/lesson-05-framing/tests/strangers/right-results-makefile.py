# Right: a buffered file of the socket reads exactly what it is asked for.
import json
import socket
import struct
import sys

with socket.create_connection((sys.argv[1], int(sys.argv[2]))) as conn, conn.makefile("rwb") as file:
    for line in sys.stdin:
        file.write(line.strip().encode())
        file.flush()
        (length,) = struct.unpack("=i", file.read(4))
        size = json.loads(file.read(length))["data_size"]
        print(file.read(size).decode())
