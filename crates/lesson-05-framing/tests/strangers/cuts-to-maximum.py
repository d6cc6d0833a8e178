# Wrong: takes the first 16 bytes of a frame that is too long, and the rest for the next frame.
import socket
import sys

host, port = sys.argv[1], int(sys.argv[2])
listener = socket.create_server((host, port))
while True:
    conn, _ = listener.accept()
    try:
        with conn, conn.makefile("rb") as file:
            while len(header := file.read(4)) == 4:
                length = min(int.from_bytes(header, "big"), 16)
                if len(payload := file.read(length)) < length:
                    break
                conn.sendall(length.to_bytes(4, "big") + payload)
    except OSError as error:
        print(error)
