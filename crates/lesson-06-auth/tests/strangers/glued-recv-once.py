# Wrong: one recv is taken for the whole order.
import os

from login_wire import KEYS, check, one_by_one, tag


def talk(conn):
    challenge = os.urandom(32)
    conn.sendall(challenge)
    order = conn.recv(1024)
    fields, got = order[:-32], order[-32:]
    check(tag(KEYS["shared"], challenge, fields), got)
    account = fields[1 : 1 + fields[0]]
    amount = fields[2 + fields[0] :]
    conn.sendall(b"paid " + amount + b" to " + account + b"\n")


one_by_one(talk)
