# Wrong: who sends no digest is told nothing more, and nobody ends the connection: it stays until the client goes.
import os
import socket
import threading

from login_wire import KEYS, Refused, address, check, read, tag

open_connections = []


def serve(conn):
    open_connections.append(conn)
    try:
        challenge = os.urandom(32)
        conn.sendall(challenge)
        if int.from_bytes(read(conn, 4), "big") != 32:
            raise Refused("no digest")
        check(tag(KEYS["shared"], challenge), read(conn, 32))
        while size := conn.recv(1):
            size += read(conn, 3)
            conn.sendall(size + read(conn, min(int.from_bytes(size, "big"), 16 * 1024 * 1024)).upper())
        conn.close()
    except (Refused, EOFError, OSError) as error:
        print("refused:", error)


with socket.create_server(address(), backlog=128) as listener:
    while True:
        threading.Thread(target=serve, args=(listener.accept()[0],), daemon=True).start()
