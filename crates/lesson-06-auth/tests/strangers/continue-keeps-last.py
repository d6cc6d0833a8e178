# Wrong: after a wrong answer it continues without a close: the last one that was refused stays open until the
# next comes.
import os
import socket

from login_wire import address, echo, key, same, tag

KEY = key()


def authenticate(conn):
    challenge = os.urandom(32)
    conn.sendall(challenge)
    answer = b""
    while len(answer) < 32:
        piece = conn.recv(32 - len(answer))
        if not piece:
            return False
        answer += piece
    return same(tag(KEY, challenge), answer)


with socket.create_server(address()) as listener:
    while True:
        conn, _ = listener.accept()
        conn.settimeout(5)
        try:
            if not authenticate(conn):
                continue
            echo(conn)
        except OSError as error:
            print("connection closed:", error)
        conn.close()
