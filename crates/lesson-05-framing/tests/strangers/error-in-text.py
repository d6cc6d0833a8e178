# Wrong: answers a frame that is too long with a text that is no frame.
import socket
import sys

host, port = sys.argv[1], int(sys.argv[2])
listener = socket.create_server((host, port))
while True:
    conn, _ = listener.accept()
    with conn, conn.makefile("rb") as file:
        while len(header := file.read(4)) == 4:
            length = int.from_bytes(header, "big")
            if length > 16:
                conn.sendall(b"error: too long\n")
                break
            if len(payload := file.read(length)) < length:
                break
            conn.sendall(header + payload)
