# Right: no random number for each client, but a counter under a secret that is drawn at every start: new each
# time, and
# nobody can compute the next one.
import itertools
import os

from login_wire import check, echo, key, one_by_one, read, tag

KEY, SECRET, COUNTER = key(), os.urandom(32), itertools.count()


def talk(conn):
    challenge = tag(SECRET, next(COUNTER).to_bytes(8, "big"))
    conn.sendall(challenge)
    check(tag(KEY, challenge), read(conn, 32))
    echo(conn)


one_by_one(talk)
