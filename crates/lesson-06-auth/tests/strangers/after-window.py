# Wrong: the number before is taken as well, for the case that something is sent twice.
import os

from login_wire import KEYS, Refused, check, one_by_one, read, record, record_tag, same, tag


def talk(conn):
    challenge = os.urandom(32)
    conn.sendall(challenge)
    check(tag(KEYS["only-two"], challenge), read(conn, 32))
    counter = 0
    while size := conn.recv(1):
        payload, got = read(conn, size[0]), read(conn, 32)
        numbers = (counter, max(0, counter - 1))
        if not any(same(record_tag(challenge, b"to server", it, payload), got) for it in numbers):
            raise Refused("a wrong tag")
        conn.sendall(record(challenge, b"to client", counter, payload.upper()))
        counter += 1


one_by_one(talk)
