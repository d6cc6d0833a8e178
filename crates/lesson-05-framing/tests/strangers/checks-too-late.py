# Wrong: there is a maximum, but the buffer is there before the length is compared with it.
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
                payload = bytearray(length)
                if length > 65536:
                    break
                if file.readinto(payload) < length:
                    break
                conn.sendall(header + payload)
    except (OSError, MemoryError) as error:
        print(type(error).__name__)
