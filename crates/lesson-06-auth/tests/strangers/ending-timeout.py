# Wrong: when nothing has come for 0.3 seconds, that is taken for the end of the order.
import os
import socket

from login_wire import KEYS, check, one_by_one, read, record, record_tag, tag


def receive(conn, challenge, counter):
    line = read(conn, read(conn, 1)[0])
    check(record_tag(challenge, b"to server", counter, line), read(conn, 32))
    return line


def talk(conn):
    challenge = os.urandom(32)
    conn.sendall(challenge)
    check(tag(KEYS["only-two"], challenge), read(conn, 32))
    order, counter = b"", 0
    conn.settimeout(0.3)
    try:
        while line := receive(conn, challenge, counter):
            order, counter = order + line, counter + 1
    except socket.timeout:
        conn.settimeout(5)
    conn.sendall(record(challenge, b"to client", 0, order.upper()))


one_by_one(talk)
