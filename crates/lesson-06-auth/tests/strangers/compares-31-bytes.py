# Wrong: the comparison ends one byte too early, and the last byte of the answer may be any.
import os

from login_wire import Refused, echo, key, one_by_one, read, tag

KEY = key()


def talk(conn):
    challenge = os.urandom(32)
    conn.sendall(challenge)
    right, answer = tag(KEY, challenge), read(conn, 32)
    for at in range(31):
        if right[at] != answer[at]:
            raise Refused("a wrong answer")
    echo(conn)


one_by_one(talk)
