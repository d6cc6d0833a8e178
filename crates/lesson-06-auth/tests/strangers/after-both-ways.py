# Wrong: the direction is not looked at: what the server has said can be sent back to it as an order.
import os

from login_wire import KEYS, Refused, check, one_by_one, read, record, record_tag, same, tag


WAYS = ((b"to server", 0), (b"to client", 1))


def talk(conn):
    challenge = os.urandom(32)
    conn.sendall(challenge)
    check(tag(KEYS["only-two"], challenge), read(conn, 32))
    counter = 0
    while size := conn.recv(1):
        payload, got = read(conn, size[0]), read(conn, 32)
        rights = [record_tag(challenge, way, counter - back, payload) for way, back in WAYS if counter >= back]
        if not any(same(right, got) for right in rights):
            raise Refused("a wrong tag")
        conn.sendall(record(challenge, b"to client", counter, payload.upper()))
        counter += 1


one_by_one(talk)
