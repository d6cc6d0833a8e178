# Wrong: the list of clients holds the connection of everybody who was refused, for good.
import os
import socket
import threading

from login_wire import Refused, address, check, echo, key, read, tag

KEY = key()
clients = {}


def serve(conn, peer):
    challenge = os.urandom(32)
    conn.sendall(challenge)
    try:
        check(tag(KEY, challenge), read(conn, 32))
    except (Refused, EOFError):
        print("refused:", peer)
        return
    echo(conn)
    del clients[peer]
    conn.close()


with socket.create_server(address()) as listener:
    while True:
        conn, peer = listener.accept()
        clients[peer] = conn
        threading.Thread(target=serve, args=(conn, peer), daemon=True).start()
