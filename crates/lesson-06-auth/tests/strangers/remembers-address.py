# Wrong: who has logged in once is known by its address, and everybody behind that address is let in.
import os

from login_wire import Refused, echo, key, one_by_one, read, same, tag

KEY = key()
known = set()


def talk(conn):
    host, _ = conn.getpeername()
    challenge = os.urandom(32)
    conn.sendall(challenge)
    answer = read(conn, 32)
    if host not in known and not same(tag(KEY, challenge), answer):
        raise Refused("a wrong answer")
    known.add(host)
    echo(conn)


one_by_one(talk)
