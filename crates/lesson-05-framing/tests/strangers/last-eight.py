# Wrong: keeps the replies to the last eight ids only.
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
                if length > 1024 or len(payload := file.read(length)) < length:
                    break
                key, _, what = payload.decode().partition(" ")
                if key not in replies:
                    taken += 1
                    replies[key] = f"order {taken}: {what}".encode()
                    if len(replies) > 8:
                        del replies[next(iter(replies))]
                payload = replies.get(key, b"")
                conn.sendall(len(payload).to_bytes(4, "big") + payload)
    except OSError as error:
        print(error)
