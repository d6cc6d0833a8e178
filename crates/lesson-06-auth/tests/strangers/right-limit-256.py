# Right: 256 bytes are the limit before the login, 16 MiB after it; memory grows with what comes. A thread for
# each client.
import os
import socket
import threading

from login_wire import KEYS, Refused, address, check, tag


def exactly(file, size):
    data = file.read(size)
    if len(data) < size:
        raise EOFError("the stream was cut off")
    return data


def frame(file, maximum):
    header = file.read(4)
    if not header:
        return None
    size = int.from_bytes(header, "big")
    if len(header) < 4 or size > maximum:
        raise Refused("no frame, or one that is too long")
    return exactly(file, size)


def serve(conn):
    with conn, conn.makefile("rb") as file:
        conn.settimeout(5)
        try:
            challenge = os.urandom(32)
            conn.sendall(challenge)
            check(tag(KEYS["shared"], challenge), frame(file, 256) or b"")
            conn.settimeout(60)
            while (text := frame(file, 16 * 1024 * 1024)) is not None:
                conn.sendall(len(text).to_bytes(4, "big") + text.upper())
        except (Refused, EOFError, OSError) as error:
            print("connection closed:", error)


with socket.create_server(address(), backlog=128) as listener:
    while True:
        threading.Thread(target=serve, args=(listener.accept()[0],), daemon=True).start()
