# Wrong: a record with a wrong tag is passed over, and the next one is taken in its place.
import os

from login_wire import KEYS, check, one_by_one, read, record, record_tag, same, tag


def talk(conn):
    challenge = os.urandom(32)
    conn.sendall(challenge)
    check(tag(KEYS["only-two"], challenge), read(conn, 32))
    order, counter = b"", 0
    while True:
        line, got = read(conn, read(conn, 1)[0]), read(conn, 32)
        if not any(same(record_tag(challenge, b"to server", counter + it, line), got) for it in range(8)):
            continue
        if not line:
            break
        order, counter = order + line, counter + 1
    conn.sendall(record(challenge, b"to client", 0, order.upper()))


one_by_one(talk)
