# Wrong: cuts the commands right and sends the results without a length.
import socket
import sys

host, port = sys.argv[1], int(sys.argv[2])
listener = socket.create_server((host, port))
while True:
    conn, _ = listener.accept()
    with conn, conn.makefile("rb") as file:
        while len(header := file.read(4)) == 4:
            length = int.from_bytes(header, "big")
            if length > 1024 or len(command := file.read(length)) < length:
                break
            conn.sendall(command[5:])
