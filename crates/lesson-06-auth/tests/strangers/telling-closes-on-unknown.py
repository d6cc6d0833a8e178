# Wrong: no word to anybody, but a name that it does not know is closed before the tag is read, with a reset.
import os

from login_wire import USERS, Refused, echo, one_by_one, read, same, tag


def talk(conn):
    challenge = os.urandom(32)
    conn.sendall(challenge)
    name = read(conn, read(conn, 1)[0])
    if name not in USERS:
        raise Refused("no such user")
    if not same(tag(USERS[name], challenge), read(conn, 32)):
        raise Refused("wrong key")
    conn.sendall(b"welcome\n")
    echo(conn)


one_by_one(talk)
