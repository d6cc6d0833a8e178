# Right: everything is read through one file, the answer and the text.
import os

from login_wire import check, key, one_by_one, tag

KEY = key()


def talk(conn):
    challenge = os.urandom(32)
    conn.sendall(challenge)
    with conn.makefile("rb") as file:
        check(tag(KEY, challenge), file.read(32))
        while piece := file.read1(1024):
            conn.sendall(piece.upper())


one_by_one(talk)
