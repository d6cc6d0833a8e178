# Wrong: a pool of threads and no time limit: one silent client is nothing, but as many as there are threads
# are the end.
import os
import socket
from concurrent.futures import ThreadPoolExecutor

from login_wire import Refused, address, check, echo, key, read, tag

KEY = key()


def serve(conn):
    with conn:
        try:
            challenge = os.urandom(32)
            conn.sendall(challenge)
            check(tag(KEY, challenge), read(conn, 32))
            echo(conn)
        except (Refused, EOFError, OSError) as error:
            print("connection closed:", error)


with socket.create_server(address(), backlog=128) as listener, ThreadPoolExecutor() as pool:
    while True:
        conn, _ = listener.accept()
        pool.submit(serve, conn)
