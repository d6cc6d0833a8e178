# Wrong: the challenge is a counter: it is known before it is sent, and after every restart it begins anew.
import itertools

from login_wire import check, echo, key, one_by_one, read, tag

KEY = key()
COUNTER = itertools.count(1)


def talk(conn):
    challenge = next(COUNTER).to_bytes(32, "big")
    conn.sendall(challenge)
    check(tag(KEY, challenge), read(conn, 32))
    echo(conn)


one_by_one(talk)
