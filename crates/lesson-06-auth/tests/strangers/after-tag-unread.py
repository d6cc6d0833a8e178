# Wrong: the tag of a record is read and not compared.
import os

from login_wire import KEYS, check, one_by_one, read, record, tag


def talk(conn):
    challenge = os.urandom(32)
    conn.sendall(challenge)
    check(tag(KEYS["only-two"], challenge), read(conn, 32))
    counter = 0
    while size := conn.recv(1):
        payload, got = read(conn, size[0]), read(conn, 32)
        conn.sendall(record(challenge, b"to client", counter, payload.upper()))
        counter += 1


one_by_one(talk)
