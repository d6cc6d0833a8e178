# Wrong: the length is read and written in the byte order of this machine.
import socket
import struct
import sys

host, port = sys.argv[1], int(sys.argv[2])
listener = socket.create_server((host, port))
while True:
    conn, _ = listener.accept()
    try:
        with conn, conn.makefile("rb") as file:
            while len(header := file.read(4)) == 4:
                (length,) = struct.unpack("=I", header)
                if length > 65536:
                    break
                payload = file.read(length)
                if len(payload) < length:
                    break
                conn.sendall(struct.pack("=I", len(payload)) + payload)
    except OSError as error:
        print(error)
