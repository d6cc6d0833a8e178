# Wrong: the loop for the missing bytes does not look for the empty read, and spins when the stream has ended.
import socket
import sys

host, port = sys.argv[1], int(sys.argv[2])


def exact(conn, wanted):
    data = b""
    while len(data) < wanted:
        data += conn.recv(wanted - len(data))
    return data


listener = socket.create_server((host, port))
while True:
    conn, _ = listener.accept()
    with conn:
        while first := conn.recv(1):
            header = first + exact(conn, 3)
            length = int.from_bytes(header, "big")
            if length > 65536:
                break
            conn.sendall(header + exact(conn, length))
