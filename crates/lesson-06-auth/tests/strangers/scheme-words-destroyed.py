# Wrong: the words go out, and a hard close (a linger of 0) may destroy them on their way.
import os
import socket
import struct

from login_wire import KEYS, Refused, check, echo, one_by_one, read, tag


def talk(conn):
    challenge = os.urandom(32)
    conn.sendall(b"please log in: ? gets you a challenge\n")
    if read(conn, 1) != b"?":
        conn.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        raise Refused("a client of the old service")
    conn.sendall(challenge)
    check(tag(KEYS["shared"], challenge), read(conn, 32))
    echo(conn)


one_by_one(talk)
