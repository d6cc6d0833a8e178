# Wrong: the challenge is the time in seconds: it is known before it is sent, and two logins in one second have
# the same.
import time

from login_wire import check, echo, key, one_by_one, read, tag

KEY = key()


def talk(conn):
    challenge = int(time.time()).to_bytes(32, "big")
    conn.sendall(challenge)
    check(tag(KEY, challenge), read(conn, 32))
    echo(conn)


one_by_one(talk)
