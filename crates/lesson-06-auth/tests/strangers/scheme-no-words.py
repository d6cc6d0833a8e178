# Wrong: it waits for a ? and says nothing: an old client is closed without knowing why.
import os

from login_wire import KEYS, Refused, check, echo, finish, one_by_one, read, tag


def talk(conn):
    challenge = os.urandom(32)
    if read(conn, 1) != b"?":
        finish(conn)
        raise Refused("a client of the old service")
    conn.sendall(challenge)
    check(tag(KEYS["shared"], challenge), read(conn, 32))
    echo(conn)


one_by_one(talk)
