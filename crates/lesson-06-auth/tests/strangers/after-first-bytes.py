# Wrong: only the first 4 bytes of a tag are compared.
import os

from login_wire import KEYS, Refused, check, one_by_one, read, record, record_tag, tag


def talk(conn):
    challenge = os.urandom(32)
    conn.sendall(challenge)
    check(tag(KEYS["only-two"], challenge), read(conn, 32))
    counter = 0
    while size := conn.recv(1):
        payload, got = read(conn, size[0]), read(conn, 32)
        if record_tag(challenge, b"to server", counter, payload)[:4] != got[:4]:
            raise Refused("a wrong tag")
        conn.sendall(record(challenge, b"to client", counter, payload.upper()))
        counter += 1


one_by_one(talk)
