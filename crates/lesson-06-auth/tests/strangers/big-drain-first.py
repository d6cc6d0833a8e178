# Wrong: the length is refused, but first all that was announced is read and thrown away.
import os

from login_wire import KEYS, Refused, check, one_by_one, read, tag


def talk(conn):
    challenge = os.urandom(32)
    conn.sendall(challenge)
    size = int.from_bytes(read(conn, 4), "big")
    if size != 32:
        while size > 0 and (piece := conn.recv(65536)):
            size -= len(piece)
        raise Refused("this is no digest")
    check(tag(KEYS["shared"], challenge), read(conn, 32))
    while True:
        size = read(conn, 4)
        conn.sendall(size + read(conn, min(int.from_bytes(size, "big"), 16 * 1024 * 1024)).upper())


one_by_one(talk)
