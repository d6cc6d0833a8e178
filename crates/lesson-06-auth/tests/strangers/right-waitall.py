# Right: a blocking socket, and the kernel waits for all 32 bytes.
import os
import socket

from login_wire import check, echo, key, one_by_one, tag

KEY = key()


def talk(conn):
    challenge = os.urandom(32)
    conn.sendall(challenge)
    conn.settimeout(None)
    check(tag(KEY, challenge), conn.recv(32, socket.MSG_WAITALL))
    echo(conn)


one_by_one(talk)
