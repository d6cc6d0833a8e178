# Wrong: the same word for both, but a name that it does not know is refused before the tag has come.
import os

from login_wire import USERS, Refused, echo, one_by_one, read, same, tag


def refuse(conn, words):
    conn.sendall(words)
    raise Refused(words.decode().strip())


def talk(conn):
    challenge = os.urandom(32)
    conn.sendall(challenge)
    name = read(conn, read(conn, 1)[0])
    if name not in USERS:
        refuse(conn, b"refused\n")
    if not same(tag(USERS[name], challenge), read(conn, 32)):
        refuse(conn, b"refused\n")
    conn.sendall(b"welcome\n")
    echo(conn)


one_by_one(talk)
