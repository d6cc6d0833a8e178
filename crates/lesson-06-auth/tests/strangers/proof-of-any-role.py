# Wrong: the tag of a client is taken for that of the server as well. The third argument names the wire.
import os
import socket
import sys

from login_wire import KEYS, USERS, Refused, address, lines_of_text, read, same, tag

FIRST, KEY = {"reflection": (b"", KEYS["shared"]), "one-key-for-all": (b"A", USERS[b"alice"])}[sys.argv[3]]

try:
    with socket.create_connection(address(), timeout=10) as conn:
        ours = FIRST + os.urandom(32)
        theirs = read(conn, 32)
        conn.sendall(ours + tag(KEY, b"client", theirs, ours))
        got = read(conn, 32)
        if not any(same(tag(KEY, role, theirs, ours), got) for role in (b"server", b"client")):
            raise Refused("this is not the server")
        lines_of_text(conn)
except (Refused, EOFError, OSError) as error:
    sys.exit(f"error: {error}")
