# Wrong: prints every result, and sends quit at the end, which is no command of this wire.
import json
import socket
import struct
import sys


def exact(conn, wanted):
    data = b""
    while len(data) < wanted:
        piece = conn.recv(min(1024, wanted - len(data)))
        if not piece:
            sys.exit("the stream ended inside an answer")
        data += piece
    return data


with socket.create_connection((sys.argv[1], int(sys.argv[2]))) as conn:
    for line in sys.stdin:
        conn.sendall(line.strip().encode())
        (length,) = struct.unpack("=i", exact(conn, 4))
        size = json.loads(exact(conn, length))["data_size"]
        result = exact(conn, size)
        print(result.decode(), flush=True)
    conn.sendall(b"quit")
