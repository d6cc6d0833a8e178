# Wrong: it asks for a login, and takes every answer for the right one.
import os

from login_wire import Refused, echo, finish, one_by_one, read


def talk(conn):
    challenge = os.urandom(32)
    conn.sendall(b"please log in: ? gets you a challenge\n")
    if read(conn, 1) != b"?":
        finish(conn)
        raise Refused("a client of the old service")
    conn.sendall(challenge)
    read(conn, 32)
    echo(conn)


one_by_one(talk)
