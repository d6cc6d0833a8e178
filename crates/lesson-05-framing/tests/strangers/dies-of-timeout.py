# Wrong: a timeout raises an exception, and the exception ends the server.
import socket
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
        conn.settimeout(0.3)
        try:
            while True:
                header = exact(conn, 4)
                length = int.from_bytes(header, "big")
                if length > 65536:
                    break
                conn.sendall(header + exact(conn, length))
        except EOFError:
            pass
