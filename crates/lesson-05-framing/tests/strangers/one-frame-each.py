# Wrong: answers one frame and closes the connection, on which more frames would come.
import socket
import sys

host, port = sys.argv[1], int(sys.argv[2])
maximum = int(sys.argv[3]) if len(sys.argv) > 3 else 65536
listener = socket.create_server((host, port))
while True:
    conn, _ = listener.accept()
    try:
        with conn, conn.makefile("rb") as file:
            header = file.read(4)
            length = int.from_bytes(header, "big")
            if len(header) == 4 and length <= maximum and len(payload := file.read(length)) == length:
                conn.sendall(header + payload)
    except OSError as error:
        print(error)
