# Wrong: the same sentence with the name in it, but only where the name is known.
import os

from login_wire import USERS, Refused, echo, one_by_one, read, same, tag


def refuse(conn, words):
    conn.sendall(words)
    raise Refused(words.decode().strip())


def talk(conn):
    challenge = os.urandom(32)
    conn.sendall(challenge)
    name = read(conn, read(conn, 1)[0])
    right = tag(USERS.get(name, os.urandom(32)), challenge)
    if not same(right, read(conn, 32)):
        refuse(conn, b"refused " + name + b"\n" if name in USERS else b"refused\n")
    conn.sendall(b"welcome\n")
    echo(conn)


one_by_one(talk)
