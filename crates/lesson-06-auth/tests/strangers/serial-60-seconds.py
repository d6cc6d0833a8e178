# Wrong: there is a time limit, but a minute is far too long while everybody else waits.
import os
import socket

from login_wire import Refused, address, check, echo, key, read, tag

KEY = key()

with socket.create_server(address()) as listener:
    while True:
        conn, _ = listener.accept()
        with conn:
            conn.settimeout(60)
            try:
                challenge = os.urandom(32)
                conn.sendall(challenge)
                check(tag(KEY, challenge), read(conn, 32))
                echo(conn)
            except (Refused, EOFError, OSError) as error:
                print("connection closed:", error)
