# Wrong: after a wrong answer it waits until the client goes; one that stays costs a thread and a descriptor for good.
import os
import socket
import threading

from login_wire import address, echo, key, read, same, tag

KEY = key()


def serve(conn):
    with conn:
        try:
            challenge = os.urandom(32)
            conn.sendall(challenge)
            if same(tag(KEY, challenge), read(conn, 32)):
                echo(conn)
            else:
                while conn.recv(1024):
                    pass
        except (EOFError, OSError) as error:
            print("connection closed:", error)


with socket.create_server(address()) as listener:
    while True:
        threading.Thread(target=serve, args=(listener.accept()[0],), daemon=True).start()
