# Wrong: select says when the first byte of the answer is there, and then a blocking read waits for the other 31.
import os
import selectors
import socket

from login_wire import Refused, address, check, key, read, tag

KEY = key()
challenges, logged_in = {}, set()


def ready(conn):
    """False when the connection is over."""
    if conn not in logged_in:
        check(tag(KEY, challenges.pop(conn)), read(conn, 32))
        logged_in.add(conn)
        return True
    data = conn.recv(1024)
    conn.sendall(data.upper())
    return bool(data)


with socket.create_server(address(), backlog=128) as listener, selectors.DefaultSelector() as selector:
    selector.register(listener, selectors.EVENT_READ)
    while True:
        for event, _ in selector.select():
            conn = event.fileobj
            if conn is listener:
                conn, _ = listener.accept()
                challenges[conn] = os.urandom(32)
                conn.sendall(challenges[conn])
                selector.register(conn, selectors.EVENT_READ)
                continue
            try:
                going_on = ready(conn)
            except (Refused, EOFError, OSError) as error:
                print("connection closed:", error)
                going_on = False
            if not going_on:
                selector.unregister(conn)
                challenges.pop(conn, None)
                logged_in.discard(conn)
                conn.close()
