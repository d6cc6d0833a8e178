# Right: reads over exactly the bytes of a frame that is too long, and serves the next one.
import socket
import sys

host, port = sys.argv[1], int(sys.argv[2])
maximum = int(sys.argv[3]) if len(sys.argv) > 3 else 16


def discard(file, left):
    while left > 0:
        piece = file.read(min(left, 4096))
        if not piece:
            return False
        left -= len(piece)
    return True


listener = socket.create_server((host, port))
while True:
    conn, _ = listener.accept()
    try:
        with conn, conn.makefile("rb") as file:
            while len(header := file.read(4)) == 4:
                length = int.from_bytes(header, "big")
                if length > maximum:
                    if not discard(file, length):
                        break
                    continue
                if len(payload := file.read(length)) < length:
                    break
                conn.sendall(header + payload)
    except OSError as error:
        print(error)
