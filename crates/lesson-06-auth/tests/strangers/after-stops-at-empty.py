# Wrong: an empty record is taken for the end of the stream.
import os

from login_wire import KEYS, check, one_by_one, read, record, record_tag, tag


def receive(conn, challenge, counter):
    size = conn.recv(1)
    if not size:
        return b""
    payload = read(conn, size[0])
    check(record_tag(challenge, b"to server", counter, payload), read(conn, 32))
    return payload


def talk(conn):
    challenge = os.urandom(32)
    conn.sendall(challenge)
    check(tag(KEYS["only-two"], challenge), read(conn, 32))
    counter = 0
    while payload := receive(conn, challenge, counter):
        conn.sendall(record(challenge, b"to client", counter, payload.upper()))
        counter += 1


one_by_one(talk)
