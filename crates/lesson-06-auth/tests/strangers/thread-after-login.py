# Wrong: a thread for each client, but it is started after the login, and the login has no time limit.
import os
import socket
import threading

from login_wire import Refused, address, check, echo, key, read, tag

KEY = key()


def serve(conn):
    with conn:
        try:
            echo(conn)
        except OSError as error:
            print("connection closed:", error)


with socket.create_server(address()) as listener:
    while True:
        conn, _ = listener.accept()
        try:
            challenge = os.urandom(32)
            conn.sendall(challenge)
            check(tag(KEY, challenge), read(conn, 32))
            threading.Thread(target=serve, args=(conn,), daemon=True).start()
        except (Refused, EOFError, OSError) as error:
            print("connection closed:", error)
            conn.close()
