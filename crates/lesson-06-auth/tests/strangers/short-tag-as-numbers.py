# Wrong: the tags are compared as numbers, so zero bytes before one do not count.
import os

from login_wire import KEYS, Refused, echo, one_by_one, read, tag


def talk(conn):
    challenge = os.urandom(32)
    conn.sendall(challenge)
    got = read(conn, read(conn, 1)[0])
    right = tag(KEYS["shared"], challenge)
    if int.from_bytes(right, "big") != int.from_bytes(got, "big"):
        raise Refused("a wrong tag")
    echo(conn)


one_by_one(talk)
