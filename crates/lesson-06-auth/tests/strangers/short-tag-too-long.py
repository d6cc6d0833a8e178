# Wrong: the first 32 bytes are compared, whatever follows them in the tag.
import os

from login_wire import KEYS, Refused, echo, one_by_one, read, tag


def talk(conn):
    challenge = os.urandom(32)
    conn.sendall(challenge)
    got = read(conn, read(conn, 1)[0])
    right = tag(KEYS["shared"], challenge)
    if right != got[:32]:
        raise Refused("a wrong tag")
    echo(conn)


one_by_one(talk)
