# Wrong: a long frame is read to its end, politely, before it is refused.
import os

from login_wire import KEYS, Refused, check, one_by_one, read, tag

MAXIMUM = 16 * 1024 * 1024


def frame(conn, maximum):
    size = int.from_bytes(read(conn, 4), "big")
    if size > maximum:
        raise Refused("this frame is too long")
    return read(conn, size)


def talk(conn):
    challenge = os.urandom(32)
    conn.sendall(challenge)
    digest = frame(conn, MAXIMUM)
    if len(digest) != 32:
        raise Refused("this is no digest")
    check(tag(KEYS["shared"], challenge), digest)
    while True:
        text = frame(conn, MAXIMUM)
        conn.sendall(len(text).to_bytes(4, "big") + text.upper())


one_by_one(talk)
