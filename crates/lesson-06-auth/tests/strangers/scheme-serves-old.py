# Wrong: it asks everybody to log in, and serves an old client nevertheless.
import os

from login_wire import KEYS, check, echo, one_by_one, read, tag


def talk(conn):
    challenge = os.urandom(32)
    conn.sendall(b"please log in: ? gets you a challenge\n")
    first = read(conn, 1)
    if first != b"?":
        conn.sendall(first.upper())
        return echo(conn)
    conn.sendall(challenge)
    check(tag(KEYS["shared"], challenge), read(conn, 32))
    echo(conn)


one_by_one(talk)
