# Wrong: one client after the other, and no time limit for the login: a silent one keeps everybody waiting.
import os
import socket

from login_wire import Refused, address, check, echo, key, read, tag

KEY = key()

with socket.create_server(address()) as listener:
    while True:
        conn, _ = listener.accept()
        with conn:
            try:
                challenge = os.urandom(32)
                conn.sendall(challenge)
                check(tag(KEY, challenge), read(conn, 32))
                echo(conn)
            except (Refused, EOFError, OSError) as error:
                print("connection closed:", error)
