# Wrong: after a frame that is too long it "empties the socket" with one recv; what comes later is read as a header.
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
                header = exact(conn, 4)
                length = int.from_bytes(header, "big")
                if length > 16:
                    print("too long, emptied:", len(conn.recv(65536)))
                    continue
                conn.sendall(header + exact(conn, length))
        except (OSError, EOFError):
            pass
