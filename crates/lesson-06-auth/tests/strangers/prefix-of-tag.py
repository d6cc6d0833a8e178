# Wrong: whatever is the beginning of the right tag is taken; the rest of it is read as text.
import os

from login_wire import Refused, echo, key, one_by_one, tag

KEY = key()


def talk(conn):
    challenge = os.urandom(32)
    conn.sendall(challenge)
    answer = conn.recv(32)
    if not answer or not tag(KEY, challenge).startswith(answer):
        raise Refused("a wrong answer")
    echo(conn)


one_by_one(talk)
