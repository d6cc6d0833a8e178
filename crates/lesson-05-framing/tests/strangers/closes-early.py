# Wrong: closes after 0.2 s inside a frame. A client that was slow for a moment is cut off.
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
        try:
            while True:
                conn.settimeout(None)
                first = exact(conn, 1)
                conn.settimeout(0.2)
                header = first + exact(conn, 3)
                length = int.from_bytes(header, "big")
                if length > 65536:
                    break
                conn.sendall(header + exact(conn, length))
        except (OSError, EOFError):
            pass
