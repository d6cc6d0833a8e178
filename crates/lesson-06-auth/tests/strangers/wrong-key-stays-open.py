# Wrong: who is refused is told so, and then the server waits for that client to go.
import os

from login_wire import KEYS, echo, one_by_one, read, same, tag


def talk(conn):
    challenge = os.urandom(32)
    conn.sendall(challenge)
    right = same(tag(KEYS["shared"], challenge), read(conn, 32))
    conn.settimeout(None)
    conn.sendall(b"+" if right else b"-")
    if right:
        echo(conn)
    else:
        while conn.recv(1024):
            pass


one_by_one(talk)
