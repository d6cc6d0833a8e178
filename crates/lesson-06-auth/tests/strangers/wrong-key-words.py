# Wrong: a sentence where the wire has one byte: the client takes its first letter for the verdict, and the
# rest for text.
import os

from login_wire import KEYS, Refused, echo, one_by_one, read, same, tag


def talk(conn):
    challenge = os.urandom(32)
    conn.sendall(challenge)
    right = same(tag(KEYS["shared"], challenge), read(conn, 32))
    if not right:
        conn.sendall(b"login failed: wrong key\n")
        raise Refused("a wrong key")
    conn.sendall(b"+")
    echo(conn)


one_by_one(talk)
