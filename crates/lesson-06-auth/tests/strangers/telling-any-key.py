# Wrong: whoever has any key of the server is let in under every name.
import os

from login_wire import USERS, Refused, echo, one_by_one, read, same, tag


def talk(conn):
    challenge = os.urandom(32)
    conn.sendall(challenge)
    name = read(conn, read(conn, 1)[0])
    got = read(conn, 32)
    right = [same(tag(key, challenge), got) for key in USERS.values()]
    if name not in USERS or not any(right):
        conn.sendall(b"refused\n")
        raise Refused("no such user, or a wrong key")
    conn.sendall(b"welcome\n")
    echo(conn)


one_by_one(talk)
