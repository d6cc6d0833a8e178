# Wrong: answers a command while it is still coming: the length of the result is known from the header.
import socket
import sys

host, port = sys.argv[1], int(sys.argv[2])
listener = socket.create_server((host, port))
while True:
    conn, _ = listener.accept()
    with conn, conn.makefile("rb") as file:
        while len(header := file.read(4)) == 4:
            left = int.from_bytes(header, "big")
            if not 5 <= left <= 1024:
                break
            left -= 5
            conn.sendall(left.to_bytes(4, "big"))
            file.read(5)
            while left and (piece := file.read1(left)):
                conn.sendall(piece)
                left -= len(piece)
