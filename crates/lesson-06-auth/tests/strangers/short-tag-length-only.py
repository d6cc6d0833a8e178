# Wrong: the length is looked at with care, and of the 32 bytes only the first 31.
import os

from login_wire import KEYS, Refused, echo, one_by_one, read, tag


def talk(conn):
    challenge = os.urandom(32)
    conn.sendall(challenge)
    got = read(conn, read(conn, 1)[0])
    right = tag(KEYS["shared"], challenge)
    if len(got) != 32 or any(got[at] != right[at] for at in range(31)):
        raise Refused("a wrong tag")
    echo(conn)


one_by_one(talk)
