# Wrong: the length is read as a signed number; a negative one passes the maximum and is answered.
import socket
import struct
import sys

host, port = sys.argv[1], int(sys.argv[2])


def exact(conn, wanted):
    data = b""
    while len(data) < wanted:
        piece = conn.recv(wanted - len(data))
        if not piece:
            raise EOFError
        data += piece
    return data


listener = socket.create_server((host, port))
while True:
    conn, _ = listener.accept()
    with conn:
        try:
            while True:
                (length,) = struct.unpack("!i", exact(conn, 4))
                if length > 65536:
                    break
                conn.sendall(struct.pack("!i", length) + exact(conn, length))
        except (OSError, EOFError):
            pass
