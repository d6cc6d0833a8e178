# Wrong: the answer is refused when its first half is wrong, before the other half has come.
import os

from login_wire import KEYS, Refused, echo, one_by_one, read, same, tag


def talk(conn):
    challenge = os.urandom(32)
    conn.sendall(challenge)
    right = tag(KEYS["shared"], challenge)
    if not same(right[:16], read(conn, 16)) or not same(right[16:], read(conn, 16)):
        conn.sendall(b"-")
        raise Refused("a wrong key")
    conn.sendall(b"+")
    echo(conn)


one_by_one(talk)
