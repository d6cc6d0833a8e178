# Wrong: one recv for the 32 bytes of the answer.
import os

from login_wire import check, echo, key, one_by_one, tag

KEY = key()


def talk(conn):
    challenge = os.urandom(32)
    conn.sendall(challenge)
    check(tag(KEY, challenge), conn.recv(32))
    echo(conn)


one_by_one(talk)
