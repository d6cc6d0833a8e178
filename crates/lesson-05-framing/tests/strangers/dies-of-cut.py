# Wrong: a stream that ends inside a frame raises an exception, and the exception ends the server.
import socket
import struct
import sys

host, port = sys.argv[1], int(sys.argv[2])
listener = socket.create_server((host, port))
while True:
    conn, _ = listener.accept()
    with conn, conn.makefile("rb") as file:
        while header := file.read(4):
            (length,) = struct.unpack("!I", header)
            if length > 65536:
                break
            payload = file.read(length)
            if len(payload) < length:
                raise EOFError("the stream ended inside a frame")
            conn.sendall(header + payload)
