# Wrong: words first, but the challenge follows at once, before anybody has asked for it.
import os

from login_wire import KEYS, Refused, check, echo, finish, one_by_one, read, tag


def talk(conn):
    challenge = os.urandom(32)
    conn.sendall(b"please log in\n" + challenge)
    if read(conn, 1) != b"?":
        finish(conn)
        raise Refused("a client of the old service")
    check(tag(KEYS["shared"], challenge), read(conn, 32))
    echo(conn)


one_by_one(talk)
