# Wrong: the counter stays 0: the second record of an honest client is refused, and a repeated first one is taken.
import os

from login_wire import KEYS, check, one_by_one, read, record, record_tag, tag


def talk(conn):
    challenge = os.urandom(32)
    conn.sendall(challenge)
    check(tag(KEYS["only-two"], challenge), read(conn, 32))
    counter = 0
    while size := conn.recv(1):
        payload, got = read(conn, size[0]), read(conn, 32)
        check(record_tag(challenge, b"to server", 0, payload), got)
        conn.sendall(record(challenge, b"to client", 0, payload.upper()))


one_by_one(talk)
