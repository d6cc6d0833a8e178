# Wrong: an empty record is the end, and the end of the stream is one too.
import os

from login_wire import KEYS, check, one_by_one, read, record, record_tag, tag


def talk(conn):
    challenge = os.urandom(32)
    conn.sendall(challenge)
    check(tag(KEYS["only-two"], challenge), read(conn, 32))
    order, counter = b"", 0
    while size := conn.recv(1):
        line = read(conn, size[0])
        check(record_tag(challenge, b"to server", counter, line), read(conn, 32))
        if not line:
            break
        order, counter = order + line, counter + 1
    conn.sendall(record(challenge, b"to client", 0, order.upper()))


one_by_one(talk)
