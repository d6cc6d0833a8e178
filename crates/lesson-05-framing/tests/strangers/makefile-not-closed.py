# Wrong: every frame comes back, but the stream is never ended: a file of makefile still holds the socket.
import socket
import sys

host, port = sys.argv[1], int(sys.argv[2])
listener = socket.create_server((host, port))
files = []
while True:
    conn, _ = listener.accept()
    file = conn.makefile("rb")
    files.append(file)
    while len(header := file.read(4)) == 4:
        length = int.from_bytes(header, "big")
        if length > 65536 or len(payload := file.read(length)) < length:
            break
        conn.sendall(header + payload)
    conn.close()
