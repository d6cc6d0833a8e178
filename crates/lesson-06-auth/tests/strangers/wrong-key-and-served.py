# Wrong: who is refused is told so, and served all the same.
import os

from login_wire import KEYS, echo, one_by_one, read, same, tag


def talk(conn):
    challenge = os.urandom(32)
    conn.sendall(challenge)
    right = same(tag(KEYS["shared"], challenge), read(conn, 32))
    conn.sendall(b"+" if right else b"-")
    echo(conn)


one_by_one(talk)
