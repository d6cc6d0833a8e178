# Wrong: every record is taken once, in whatever order: one that is dropped on the way is missed by nobody.
import os

from login_wire import KEYS, Refused, check, one_by_one, read, record, record_tag, same, tag


def talk(conn):
    challenge = os.urandom(32)
    conn.sendall(challenge)
    check(tag(KEYS["only-two"], challenge), read(conn, 32))
    counter, taken = 0, set()
    while size := conn.recv(1):
        payload, got = read(conn, size[0]), read(conn, 32)
        numbers = [it for it in range(256) if same(record_tag(challenge, b"to server", it, payload), got)]
        if not numbers or numbers[0] in taken:
            raise Refused("a wrong tag")
        taken.add(numbers[0])
        conn.sendall(record(challenge, b"to client", counter, payload.upper()))
        counter += 1


one_by_one(talk)
