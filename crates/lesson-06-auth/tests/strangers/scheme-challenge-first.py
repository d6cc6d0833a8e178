# Wrong: the first bytes are the challenge, and nothing says what they are.
import os

from login_wire import KEYS, check, echo, one_by_one, read, tag


def talk(conn):
    challenge = os.urandom(32)
    conn.sendall(challenge)
    check(tag(KEYS["shared"], challenge), read(conn, 32))
    echo(conn)


one_by_one(talk)
