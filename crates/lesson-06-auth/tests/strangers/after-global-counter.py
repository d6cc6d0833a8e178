# Wrong: the counter is one for the whole server, so the second client is refused with its first record.
import os

from login_wire import KEYS, check, one_by_one, read, record, record_tag, tag

counter = 0


def talk(conn):
    global counter
    challenge = os.urandom(32)
    conn.sendall(challenge)
    check(tag(KEYS["only-two"], challenge), read(conn, 32))
    while size := conn.recv(1):
        payload = read(conn, size[0])
        check(record_tag(challenge, b"to server", counter, payload), read(conn, 32))
        conn.sendall(record(challenge, b"to client", counter, payload.upper()))
        counter += 1


one_by_one(talk)
