# Wrong: the lengths are in the tag, but the tag of old clients, without them, is taken as well.
import os

from login_wire import KEYS, Refused, one_by_one, read, same, tag


def field(conn):
    return read(conn, read(conn, 1)[0])


def talk(conn):
    challenge = os.urandom(32)
    conn.sendall(challenge)
    account, amount = field(conn), field(conn)
    got = read(conn, 32)
    lengths = bytes([len(account)]), bytes([len(amount)])
    new = tag(KEYS["shared"], challenge, lengths[0], account, lengths[1], amount)
    old = tag(KEYS["shared"], challenge, account, amount)
    if not same(new, got) and not same(old, got):
        raise Refused("a wrong tag")
    conn.sendall(b"paid " + amount + b" to " + account + b"\n")


one_by_one(talk)
