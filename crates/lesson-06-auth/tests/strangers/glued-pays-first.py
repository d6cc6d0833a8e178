# Wrong: it pays, and then it looks at the tag.
import os

from login_wire import KEYS, Refused, one_by_one, read, same, tag


def field(conn):
    return read(conn, read(conn, 1)[0])


def talk(conn):
    challenge = os.urandom(32)
    conn.sendall(challenge)
    account, amount = field(conn), field(conn)
    got = read(conn, 32)
    conn.sendall(b"paid " + amount + b" to " + account + b"\n")
    lengths = bytes([len(account)]), bytes([len(amount)])
    if not same(tag(KEYS["shared"], challenge, lengths[0], account, lengths[1], amount), got):
        raise Refused("a wrong tag")


one_by_one(talk)
