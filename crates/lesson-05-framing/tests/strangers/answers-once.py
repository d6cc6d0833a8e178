# Wrong: does not answer a payload that it has answered before.
import socket
import sys

host, port = sys.argv[1], int(sys.argv[2])
seen = set()
listener = socket.create_server((host, port))
while True:
    conn, _ = listener.accept()
    try:
        with conn, conn.makefile("rb") as file:
            while len(header := file.read(4)) == 4:
                length = int.from_bytes(header, "big")
                if length > 65536 or len(payload := file.read(length)) < length:
                    break
                if payload and payload in seen:
                    continue
                seen.add(payload)
                conn.sendall(len(payload).to_bytes(4, "big") + payload)
    except OSError as error:
        print(error)
