# Wrong: exact() is called again after a timeout, and what the first call had taken is lost.
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


def patiently(conn, wanted):
    while True:
        try:
            return exact(conn, wanted)
        except socket.timeout:
            print("the client is slow, trying again", flush=True)


listener = socket.create_server((host, port))
while True:
    conn, _ = listener.accept()
    with conn:
        conn.settimeout(0.1)
        try:
            while True:
                header = patiently(conn, 4)
                length = int.from_bytes(header, "big")
                if length > 65536:
                    break
                conn.sendall(header + patiently(conn, length))
        except (OSError, EOFError) as error:
            print("connection closed:", repr(error), flush=True)
