# Wrong: a fresh challenge every time, but the answer to any of the last ten is taken.
import collections
import os

from login_wire import Refused, echo, key, one_by_one, read, same, tag

KEY = key()
challenges = collections.deque(maxlen=10)


def talk(conn):
    challenges.append(os.urandom(32))
    conn.sendall(challenges[-1])
    answer = read(conn, 32)
    if not any(same(tag(KEY, challenge), answer) for challenge in challenges):
        raise Refused("no answer to any challenge")
    echo(conn)


one_by_one(talk)
