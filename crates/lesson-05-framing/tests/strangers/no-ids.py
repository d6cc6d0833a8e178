# Wrong: takes every request for a new one.
import socket
import sys

host, port = sys.argv[1], int(sys.argv[2])
taken, replies = 0, {}
listener = socket.create_server((host, port))
while True:
    conn, _ = listener.accept()
    try:
        with conn, conn.makefile("rb") as file:
            while len(header := file.read(4)) == 4:
                length = int.from_bytes(header, "big")
                if length > 1024 or len(request := file.read(length)) < length:
                    break
                key, _, what = request.decode().partition(" ")
                taken += 1
                reply = f"order {taken}: {what}".encode()
                conn.sendall(len(reply).to_bytes(4, "big") + reply)
    except OSError as error:
        print(error)
