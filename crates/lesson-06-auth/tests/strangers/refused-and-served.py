# Wrong: a wrong answer is written to the log, and then the function goes on: the return is missing.
import os
import sys

from login_wire import echo, key, one_by_one, read, same, tag

KEY = key()


def talk(conn):
    challenge = os.urandom(32)
    conn.sendall(challenge)
    if not same(tag(KEY, challenge), read(conn, 32)):
        print("refused: wrong answer", file=sys.stderr)
    echo(conn)


one_by_one(talk)
