# Wrong: every line is carried out and answered when it comes; an order is not one thing any more.
import os

from login_wire import KEYS, check, one_by_one, read, record, record_tag, tag


def talk(conn):
    challenge = os.urandom(32)
    conn.sendall(challenge)
    check(tag(KEYS["only-two"], challenge), read(conn, 32))
    counter = 0
    while size := read(conn, 1)[0]:
        line = read(conn, size)
        check(record_tag(challenge, b"to server", counter, line), read(conn, 32))
        conn.sendall(record(challenge, b"to client", counter, line.upper()))
        counter += 1


one_by_one(talk)
