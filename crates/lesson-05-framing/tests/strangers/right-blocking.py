# Right: one client after the other, a loop for every number of bytes that is wanted. The third word is the maximum.
import socket
import struct
import sys

host, port = sys.argv[1], int(sys.argv[2])
maximum = int(sys.argv[3]) if len(sys.argv) > 3 else 65536


def exact(conn, wanted):
    data = bytearray()
    while len(data) < wanted:
        piece = conn.recv(min(wanted - len(data), 4096))
        if not piece:
            raise EOFError("the stream ended inside a frame" if data else "the stream ended")
        data += piece
    return bytes(data)


listener = socket.create_server((host, port))
while True:
    conn, _ = listener.accept()
    with conn:
        try:
            while True:
                header = exact(conn, 4)
                (length,) = struct.unpack("!I", header)
                if length > maximum:
                    raise EOFError(f"a frame of {length} bytes is too long")
                conn.sendall(header + exact(conn, length))
        except (OSError, EOFError) as error:
            print("connection closed:", error, file=sys.stderr)
