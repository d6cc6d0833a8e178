# Wrong: a wrong key ends the whole server.
import os

from login_wire import KEYS, echo, one_by_one, read, same, tag


def talk(conn):
    challenge = os.urandom(32)
    conn.sendall(challenge)
    right = same(tag(KEYS["shared"], challenge), read(conn, 32))
    if not right:
        conn.sendall(b"-")
        raise SystemExit("a wrong key")
    conn.sendall(b"+")
    echo(conn)


one_by_one(talk)
