# Wrong: closes after a hundred frames, as if no client had more.
import socket
import sys

host, port = sys.argv[1], int(sys.argv[2])
listener = socket.create_server((host, port))
while True:
    conn, _ = listener.accept()
    try:
        with conn, conn.makefile("rb") as file:
            for _ in range(100):
                if len(header := file.read(4)) < 4:
                    break
                length = int.from_bytes(header, "big")
                if length > 65536 or len(payload := file.read(length)) < length:
                    break
                conn.sendall(len(payload).to_bytes(4, "big") + payload)
    except OSError as error:
        print(error)
