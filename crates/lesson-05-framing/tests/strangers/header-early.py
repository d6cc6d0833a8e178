# Wrong: sends the header back as soon as it is there, and the pieces of the payload as they come.
import socket
import sys

host, port = sys.argv[1], int(sys.argv[2])
listener = socket.create_server((host, port))
while True:
    conn, _ = listener.accept()
    with conn, conn.makefile("rb", buffering=0) as file:
        while True:
            header = b""
            while len(header) < 4 and (piece := file.read(4 - len(header))):
                header += piece
            left = int.from_bytes(header, "big")
            if len(header) < 4 or left > 65536:
                break
            conn.sendall(header)
            while left and (piece := file.read(left)):
                conn.sendall(piece)
                left -= len(piece)
