# Wrong: only 4 of the 32 bytes are random; a list of all answers is no trouble, and one comes again soon enough.
import os

from login_wire import check, echo, key, one_by_one, read, tag

KEY = key()


def talk(conn):
    challenge = os.urandom(4).ljust(32, b"\0")
    conn.sendall(challenge)
    check(tag(KEY, challenge), read(conn, 32))
    echo(conn)


one_by_one(talk)
