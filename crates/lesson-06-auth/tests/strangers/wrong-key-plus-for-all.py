# Wrong: the answer is + before the tag is looked at, and then the connection ends.
import os

from login_wire import KEYS, Refused, echo, one_by_one, read, same, tag


def talk(conn):
    challenge = os.urandom(32)
    conn.sendall(challenge)
    right = same(tag(KEYS["shared"], challenge), read(conn, 32))
    conn.sendall(b"+")
    if not right:
        raise Refused("a wrong key")
    echo(conn)


one_by_one(talk)
