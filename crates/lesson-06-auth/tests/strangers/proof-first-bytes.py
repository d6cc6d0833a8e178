# Wrong: one recv for the tag, and whatever is the beginning of the right one is taken. The third argument
# names the wire.
import os
import socket
import sys

from login_wire import KEYS, USERS, Refused, address, lines_of_text, read, tag

FIRST, KEY = {"reflection": (b"", KEYS["shared"]), "one-key-for-all": (b"A", USERS[b"alice"])}[sys.argv[3]]

try:
    with socket.create_connection(address(), timeout=10) as conn:
        ours = FIRST + os.urandom(32)
        theirs = read(conn, 32)
        conn.sendall(ours + tag(KEY, b"client", theirs, ours))
        got = conn.recv(32)
        if not got or not tag(KEY, b"server", theirs, ours).startswith(got):
            raise Refused("this is not the server")
        read(conn, 32 - len(got))
        lines_of_text(conn)
except (Refused, EOFError, OSError) as error:
    sys.exit(f"error: {error}")
