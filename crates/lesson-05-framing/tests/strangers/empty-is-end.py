# Wrong: takes a frame without a payload for the end of the conversation.
import socket
import sys

host, port = sys.argv[1], int(sys.argv[2])
listener = socket.create_server((host, port))
while True:
    conn, _ = listener.accept()
    with conn, conn.makefile("rb") as file:
        while True:
            header = file.read(4)
            length = int.from_bytes(header, "big")
            if len(header) < 4 or length > 65536:
                break
            payload = file.read(length)
            if not payload or len(payload) < length:
                break
            conn.sendall(header + payload)
