# Wrong: when the stream is cut off or a tag is wrong, what has come until then is carried out.
import os

from login_wire import KEYS, Refused, check, one_by_one, read, record, record_tag, tag


def receive(conn, challenge, counter):
    line = read(conn, read(conn, 1)[0])
    check(record_tag(challenge, b"to server", counter, line), read(conn, 32))
    return line


def talk(conn):
    challenge = os.urandom(32)
    conn.sendall(challenge)
    check(tag(KEYS["only-two"], challenge), read(conn, 32))
    order, counter = b"", 0
    try:
        while line := receive(conn, challenge, counter):
            order, counter = order + line, counter + 1
    except (EOFError, OSError, Refused) as error:
        print("the order ended early:", error)
    conn.sendall(record(challenge, b"to client", 0, order.upper()))


one_by_one(talk)
