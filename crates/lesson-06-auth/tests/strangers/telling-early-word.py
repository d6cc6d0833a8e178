# Wrong: the same word and the same end for all, but where the name is unknown the word comes before the tag has.
import os

from login_wire import USERS, Refused, echo, one_by_one, read, same, tag


def talk(conn):
    challenge = os.urandom(32)
    conn.sendall(challenge)
    name = read(conn, read(conn, 1)[0])
    if name not in USERS:
        conn.sendall(b"refused\n")
        read(conn, 32)
        raise Refused("no such user")
    if not same(tag(USERS[name], challenge), read(conn, 32)):
        conn.sendall(b"refused\n")
        raise Refused("wrong key")
    conn.sendall(b"welcome\n")
    echo(conn)


one_by_one(talk)
