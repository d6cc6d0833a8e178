# Wrong: a generator with a fixed seed: after every restart the same challenges come in the same order.
import random

from login_wire import check, echo, key, one_by_one, read, tag

KEY = key()
GENERATOR = random.Random(1)


def talk(conn):
    challenge = GENERATOR.randbytes(32)
    conn.sendall(challenge)
    check(tag(KEY, challenge), read(conn, 32))
    echo(conn)


one_by_one(talk)
