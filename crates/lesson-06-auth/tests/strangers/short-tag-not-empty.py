# Wrong: only the empty tag is refused; one byte is guessed once in 256.
import os

from login_wire import KEYS, Refused, echo, one_by_one, read, tag


def talk(conn):
    challenge = os.urandom(32)
    conn.sendall(challenge)
    got = read(conn, read(conn, 1)[0])
    right = tag(KEYS["shared"], challenge)
    if not got or not right.startswith(got):
        raise Refused("a wrong tag")
    echo(conn)


one_by_one(talk)
