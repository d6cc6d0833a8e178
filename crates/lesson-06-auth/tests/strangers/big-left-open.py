# Wrong: whoever has sent a wrong digest is told nothing more and not closed: the server waits until the client goes.
import os
import socket
import threading

from login_wire import KEYS, Refused, address, read, same, tag


def serve(conn):
    with conn:
        try:
            challenge = os.urandom(32)
            conn.sendall(challenge)
            if int.from_bytes(read(conn, 4), "big") != 32:
                raise Refused("this is no digest")
            if not same(tag(KEYS["shared"], challenge), read(conn, 32)):
                while conn.recv(1024):
                    pass
                raise Refused("a wrong digest")
            while size := conn.recv(1):
                size += read(conn, 3)
                conn.sendall(size + read(conn, min(int.from_bytes(size, "big"), 16 * 1024 * 1024)).upper())
        except (Refused, EOFError, OSError) as error:
            print("refused:", error)


with socket.create_server(address(), backlog=128) as listener:
    while True:
        threading.Thread(target=serve, args=(listener.accept()[0],), daemon=True).start()
