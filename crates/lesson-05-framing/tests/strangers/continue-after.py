# Wrong: refuses the frame and reads its payload as the next header.
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
                print("too long, ignored:", length)
                continue
            if len(payload := file.read(length)) < length:
                break
            conn.sendall(header + payload)
