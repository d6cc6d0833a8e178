# Wrong: the time limit is on the listening socket, and an accepted connection does not inherit it.
import os
import socket

from login_wire import Refused, address, check, echo, key, read, tag

KEY = key()

with socket.create_server(address()) as listener:
    listener.settimeout(1)
    while True:
        try:
            conn, _ = listener.accept()
        except socket.timeout:
            continue
        with conn:
            try:
                challenge = os.urandom(32)
                conn.sendall(challenge)
                check(tag(KEY, challenge), read(conn, 32))
                echo(conn)
            except (Refused, EOFError, OSError) as error:
                print("connection closed:", error)
