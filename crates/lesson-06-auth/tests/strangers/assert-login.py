# Wrong when Python runs with -O: an assert is the check, and -O leaves every assert out.
import os

from login_wire import echo, key, one_by_one, read, same, tag

KEY = key()


def talk(conn):
    challenge = os.urandom(32)
    conn.sendall(challenge)
    answer = read(conn, 32)
    assert same(tag(KEY, challenge), answer), "wrong answer"
    echo(conn)


one_by_one(talk)
