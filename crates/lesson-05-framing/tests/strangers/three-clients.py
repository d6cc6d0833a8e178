# Wrong: serves three clients and then closes every other one at once.
import socket
import sys

host, port = sys.argv[1], int(sys.argv[2])
listener = socket.create_server((host, port))
served = 0
while True:
    conn, _ = listener.accept()
    served += 1
    if served > 3:
        conn.close()
        continue
    try:
        with conn, conn.makefile("rb") as file:
            while len(header := file.read(4)) == 4:
                length = int.from_bytes(header, "big")
                if length > 65536 or len(payload := file.read(length)) < length:
                    break
                conn.sendall(len(payload).to_bytes(4, "big") + payload)
    except OSError as error:
        print(error)
