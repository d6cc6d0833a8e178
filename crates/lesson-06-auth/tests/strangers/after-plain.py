# Wrong: once somebody has logged in, whatever comes goes back in upper case; nothing has a tag any more.
import os

from login_wire import KEYS, check, echo, one_by_one, read, tag


def talk(conn):
    challenge = os.urandom(32)
    conn.sendall(challenge)
    check(tag(KEYS["only-two"], challenge), read(conn, 32))
    echo(conn)


one_by_one(talk)
