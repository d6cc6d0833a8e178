# Wrong: a request that was here before is not carried out again, and not answered either.
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
                if key in replies:
                    continue
                taken += 1
                reply = replies[key] = f"order {taken}: {what}".encode()
                conn.sendall(len(reply).to_bytes(4, "big") + reply)
    except OSError as error:
        print(error)
