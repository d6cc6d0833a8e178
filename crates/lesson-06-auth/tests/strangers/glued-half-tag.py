# Wrong: only the first half of the tag is compared.
import os

from login_wire import KEYS, Refused, one_by_one, read, same, tag


def field(conn):
    size = read(conn, 1)
    return size + read(conn, size[0])


def talk(conn):
    challenge = os.urandom(32)
    conn.sendall(challenge)
    account, amount = field(conn), field(conn)
    if not same(tag(KEYS["shared"], challenge, account, amount)[:16], read(conn, 32)[:16]):
        raise Refused("a wrong tag")
    conn.sendall(b"paid " + amount[1:] + b" to " + account[1:] + b"\n")


one_by_one(talk)
