# Wrong: cuts frames right, and ends after its first client.
import socket
import sys

host, port = sys.argv[1], int(sys.argv[2])
listener = socket.create_server((host, port))
conn, _ = listener.accept()
with conn, conn.makefile("rb") as file:
    while len(header := file.read(4)) == 4:
        length = int.from_bytes(header, "big")
        if length > 65536 or len(payload := file.read(length)) < length:
            break
        conn.sendall(header + payload)
