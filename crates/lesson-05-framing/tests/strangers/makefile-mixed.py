# Wrong: the header through a buffered file, the payload with recv: the payload is in the buffer of the file.
import socket
import struct
import sys

host, port = sys.argv[1], int(sys.argv[2])
listener = socket.create_server((host, port))
while True:
    conn, _ = listener.accept()
    with conn, conn.makefile("rb") as file:
        while len(header := file.read(4)) == 4:
            (length,) = struct.unpack("!I", header)
            payload = b""
            while len(payload) < length and (piece := conn.recv(length - len(payload))):
                payload += piece
            conn.sendall(header + payload)
