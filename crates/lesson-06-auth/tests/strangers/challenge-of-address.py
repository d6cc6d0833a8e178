# Wrong: the challenge is kept for each address, so that a client that comes again gets the one it had before.
import os

from login_wire import check, echo, key, one_by_one, read, tag

KEY = key()
challenges = {}


def talk(conn):
    challenge = challenges.setdefault(conn.getpeername()[0], os.urandom(32))
    conn.sendall(challenge)
    check(tag(KEY, challenge), read(conn, 32))
    echo(conn)


one_by_one(talk)
