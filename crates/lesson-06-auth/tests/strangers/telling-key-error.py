# Wrong: a name that it does not know is an exception that nobody catches, and the server dies of it.
import os

from login_wire import USERS, check, echo, one_by_one, read, tag


def talk(conn):
    challenge = os.urandom(32)
    conn.sendall(challenge)
    name = read(conn, read(conn, 1)[0]).decode()
    check(tag(USERS[name.encode()], challenge), read(conn, 32))
    conn.sendall(b"welcome\n")
    echo(conn)


one_by_one(talk)
