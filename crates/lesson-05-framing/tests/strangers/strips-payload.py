# Wrong: strip takes the blanks and line ends at both ends of a payload away.
import socket
import sys

host, port = sys.argv[1], int(sys.argv[2])
maximum = int(sys.argv[3]) if len(sys.argv) > 3 else 65536
listener = socket.create_server((host, port))
while True:
    conn, _ = listener.accept()
    try:
        with conn, conn.makefile("rb") as file:
            while len(header := file.read(4)) == 4:
                length = int.from_bytes(header, "big")
                if length > maximum or len(payload := file.read(length)) < length:
                    break
                payload = payload.strip()
                conn.sendall(len(payload).to_bytes(4, "big") + payload)
    except OSError as error:
        print(error)
