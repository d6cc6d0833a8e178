# Wrong: one recv for the header; what is missing of it is taken for zeros.
import socket
import sys

host, port = sys.argv[1], int(sys.argv[2])
listener = socket.create_server((host, port))
while True:
    conn, _ = listener.accept()
    with conn:
        while header := conn.recv(4):
            length, payload = int.from_bytes(header.ljust(4, b"\0"), "big"), b""
            if length > 65536:
                break
            while len(payload) < length and (piece := conn.recv(length - len(payload))):
                payload += piece
            conn.sendall(length.to_bytes(4, "big") + payload)
