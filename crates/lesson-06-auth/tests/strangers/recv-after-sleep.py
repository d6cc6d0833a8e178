# Wrong: it sleeps for a moment so that all of the answer has come, and then takes it with one recv.
import os
import time

from login_wire import check, echo, key, one_by_one, tag

KEY = key()


def talk(conn):
    challenge = os.urandom(32)
    conn.sendall(challenge)
    time.sleep(0.1)
    check(tag(KEY, challenge), conn.recv(32))
    echo(conn)


one_by_one(talk)
