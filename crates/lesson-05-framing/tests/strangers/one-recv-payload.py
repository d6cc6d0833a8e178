# Wrong: the header in a loop, and one recv for the payload.
import socket
import struct
import sys

host, port = sys.argv[1], int(sys.argv[2])
listener = socket.create_server((host, port))


def exact(conn, n):
    data = b""
    while len(data) < n:
        piece = conn.recv(n - len(data))
        if not piece:
            break
        data += piece
    return data


while True:
    conn, _ = listener.accept()
    while True:
        header = exact(conn, 4)
        if not header:
            break
        (n,) = struct.unpack("!I", header)
        payload = conn.recv(n)
        conn.sendall(header + payload)
    conn.close()
