# Wrong: takes every result whole, and prints the first 100 bytes of it.
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
        print(result[:100].decode(), flush=True)
