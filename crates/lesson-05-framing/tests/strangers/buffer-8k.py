# Wrong: a buffer of 8192 bytes is taken for large enough; a frame that does not fit ends the connection.
import socket
import sys

host, port = sys.argv[1], int(sys.argv[2])
listener = socket.create_server((host, port))
while True:
    conn, _ = listener.accept()
    with conn, conn.makefile("rb") as file:
        while len(header := file.read(4)) == 4:
            length = int.from_bytes(header, "big")
            if length > 8192 or len(payload := file.read(length)) < length:
                break
            conn.sendall(header + payload)
