# Wrong: a wrong key is refused with a word, and a name that it does not know without one.
import os

from login_wire import USERS, Refused, echo, one_by_one, read, same, tag


def refuse(conn, words):
    conn.sendall(words)
    raise Refused(words.decode().strip())


def talk(conn):
    challenge = os.urandom(32)
    conn.sendall(challenge)
    name = read(conn, read(conn, 1)[0])
    got = read(conn, 32)
    if name not in USERS:
        raise Refused("no such user")
    if not same(tag(USERS[name], challenge), got):
        refuse(conn, b"refused\n")
    conn.sendall(b"welcome\n")
    echo(conn)


one_by_one(talk)
