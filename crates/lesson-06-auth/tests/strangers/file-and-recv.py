# Wrong: the answer is read through a file, which reads ahead; text right behind it stays there, unseen by recv.
import os

from login_wire import check, echo, key, one_by_one, tag

KEY = key()


def talk(conn):
    challenge = os.urandom(32)
    conn.sendall(challenge)
    with conn.makefile("rb") as file:
        check(tag(KEY, challenge), file.read(32))
        echo(conn)


one_by_one(talk)
