# Wrong: where the first field ends is not in the tag.
import os

from login_wire import KEYS, Refused, one_by_one, read, same, tag


def field(conn):
    return read(conn, read(conn, 1)[0])


def talk(conn):
    challenge = os.urandom(32)
    conn.sendall(challenge)
    account, amount = field(conn), field(conn)
    got = read(conn, 32)
    if not same(tag(KEYS["shared"], challenge, account, amount), got):
        raise Refused("a wrong tag")
    conn.sendall(b"paid " + amount + b" to " + account + b"\n")


one_by_one(talk)
