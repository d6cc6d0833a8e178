# Wrong: looks at the last of the four bytes only; short frames are right by accident.
import socket
import sys

host, port = sys.argv[1], int(sys.argv[2])
listener = socket.create_server((host, port))
while True:
    conn, _ = listener.accept()
    try:
        with conn, conn.makefile("rb") as file:
            while len(header := file.read(4)) == 4:
                payload = file.read(header[3])
                if len(payload) < header[3]:
                    break
                conn.sendall(bytes([0, 0, 0, len(payload)]) + payload)
    except OSError as error:
        print(error)
