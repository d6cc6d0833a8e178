# Wrong: makes every line end a newline, as files do that are opened as text.
import socket
import sys

host, port = sys.argv[1], int(sys.argv[2])
listener = socket.create_server((host, port))
while True:
    conn, _ = listener.accept()
    try:
        with conn, conn.makefile("rb") as file:
            while len(header := file.read(4)) == 4:
                length = int.from_bytes(header, "big")
                if length > 65536 or len(payload := file.read(length)) < length:
                    break
                payload = payload.replace(b"\r\n", b"\n")
                conn.sendall(len(payload).to_bytes(4, "big") + payload)
    except OSError as error:
        print(error)
