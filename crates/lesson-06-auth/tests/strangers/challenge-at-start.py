# Wrong: the challenge is drawn once, when the server starts.
import os

from login_wire import check, echo, key, one_by_one, read, tag

KEY = key()
CHALLENGE = os.urandom(32)


def talk(conn):
    challenge = CHALLENGE
    conn.sendall(challenge)
    check(tag(KEY, challenge), read(conn, 32))
    echo(conn)


one_by_one(talk)
