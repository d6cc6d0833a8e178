# Wrong: the first half of the answer is looked at, and the verdict sent, before the other half has come.
import os

from login_wire import KEYS, Refused, echo, one_by_one, read, same, tag


def talk(conn):
    challenge = os.urandom(32)
    conn.sendall(challenge)
    right = same(tag(KEYS["shared"], challenge)[:16], read(conn, 16))
    conn.sendall(b"+" if right else b"-")
    if not right:
        raise Refused("a wrong key")
    read(conn, 16)
    echo(conn)


one_by_one(talk)
