# Wrong: a read that gives less than was asked for is taken for the end: it closes. There is no timeout.
import socket
import sys

host, port = sys.argv[1], int(sys.argv[2])
listener = socket.create_server((host, port))
while True:
    conn, _ = listener.accept()
    with conn:
        while len(header := conn.recv(4)) == 4:
            length = int.from_bytes(header, "big")
            if length > 65536:
                break
            payload = conn.recv(length) if length else b""
            if len(payload) < length:
                break
            conn.sendall(header + payload)
