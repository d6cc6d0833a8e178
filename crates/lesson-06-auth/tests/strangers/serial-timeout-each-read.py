# Wrong: each recv may take a second, so who sends a byte now and then has the server for half a minute.
import os
import socket

from login_wire import Refused, address, check, echo, key, read, tag

KEY = key()

with socket.create_server(address()) as listener:
    while True:
        conn, _ = listener.accept()
        with conn:
            conn.settimeout(1)
            try:
                challenge = os.urandom(32)
                conn.sendall(challenge)
                check(tag(KEY, challenge), read(conn, 32))
                echo(conn)
            except (Refused, EOFError, OSError) as error:
                print("connection closed:", error)
