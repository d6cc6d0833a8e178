# Wrong: one recv for the answer and what may follow, cut to 32 bytes: what came behind them is lost.
import os

from login_wire import check, echo, key, one_by_one, tag

KEY = key()


def talk(conn):
    challenge = os.urandom(32)
    conn.sendall(challenge)
    check(tag(KEY, challenge), conn.recv(1024)[:32])
    echo(conn)


one_by_one(talk)
