# Wrong: the tag is tried with every boundary between the two fields, for the sake of clients that cut otherwise.
import os

from login_wire import KEYS, Refused, one_by_one, read, same, tag


def field(conn):
    return read(conn, read(conn, 1)[0])


def talk(conn):
    challenge = os.urandom(32)
    conn.sendall(challenge)
    account, amount = field(conn), field(conn)
    got, both = read(conn, 32), account + amount
    for cut in range(len(both) + 1):
        if max(cut, len(both) - cut) > 255:
            continue
        lengths = bytes([cut]), bytes([len(both) - cut])
        if same(tag(KEYS["shared"], challenge, lengths[0], both[:cut], lengths[1], both[cut:]), got):
            conn.sendall(b"paid " + amount + b" to " + account + b"\n")
            return
    raise Refused("a wrong tag")


one_by_one(talk)
