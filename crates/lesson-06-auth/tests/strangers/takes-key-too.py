# Wrong: it takes the answer to its challenge, and for the sake of old clients also the key itself.
import os

from login_wire import Refused, echo, key, one_by_one, read, same, tag

KEY = key()


def talk(conn):
    challenge = os.urandom(32)
    conn.sendall(challenge)
    answer = read(conn, 32)
    if not same(tag(KEY, challenge), answer) and not same(KEY, answer):
        raise Refused("neither the answer nor the password")
    echo(conn)


one_by_one(talk)
