# Wrong: 64 KiB, the most that a stranger may send, is the limit of every text: a client with the key is refused.
import os

from login_wire import KEYS, Refused, check, one_by_one, read, tag

MAXIMUM = 64 * 1024


def frame(conn, maximum):
    size = int.from_bytes(read(conn, 4), "big")
    if size > maximum:
        raise Refused("this frame is too long")
    return read(conn, size)


def talk(conn):
    challenge = os.urandom(32)
    conn.sendall(challenge)
    check(tag(KEYS["shared"], challenge), frame(conn, MAXIMUM))
    while True:
        text = frame(conn, MAXIMUM)
        conn.sendall(len(text).to_bytes(4, "big") + text.upper())


one_by_one(talk)
