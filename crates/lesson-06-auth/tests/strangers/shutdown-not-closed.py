# Wrong: who is refused is ended with shutdown and never closed: the client sees the end, the descriptor is lost.
import os
import socket
import threading
import time

from login_wire import Refused, address, check, echo, key, read, tag

KEY = key()
clients = []


def serve(conn):
    clients.append(conn)
    try:
        challenge = os.urandom(32)
        conn.sendall(challenge)
        check(tag(KEY, challenge), read(conn, 32))
        echo(conn)
        clients.remove(conn)
        conn.close()
    except (Refused, EOFError, OSError) as error:
        print("refused:", error)
        conn.shutdown(socket.SHUT_RDWR)


with socket.create_server(address()) as listener:
    while True:
        try:
            conn, _ = listener.accept()
        except OSError as error:
            print("cannot accept:", error)
            time.sleep(0.2)
            continue
        threading.Thread(target=serve, args=(conn,), daemon=True).start()
