# Wrong: cuts frames right, and resets the connection where it should end its stream (SO_LINGER with 0 seconds).
import socket
import struct
import sys

host, port = sys.argv[1], int(sys.argv[2])
maximum = int(sys.argv[3]) if len(sys.argv) > 3 else 65536
listener = socket.create_server((host, port))
while True:
    conn, _ = listener.accept()
    try:
        with conn, conn.makefile("rb") as file:
            conn.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            while len(header := file.read(4)) == 4:
                length = int.from_bytes(header, "big")
                if length > maximum or len(payload := file.read(length)) < length:
                    break
                conn.sendall(header + payload)
    except OSError as error:
        print(error)
