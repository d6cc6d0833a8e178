# Wrong: the key that was once given to everybody is taken as well, until all servers have the new one. The
# third argument names the wire.
import os
import socket
import sys

from login_wire import KEYS, MALLORY, USERS, Refused, address, lines_of_text, read, same, tag

FIRST, KEY = {"reflection": (b"", KEYS["shared"]), "one-key-for-all": (b"A", USERS[b"alice"])}[sys.argv[3]]

try:
    with socket.create_connection(address(), timeout=10) as conn:
        ours = FIRST + os.urandom(32)
        theirs = read(conn, 32)
        conn.sendall(ours + tag(KEY, b"client", theirs, ours))
        got = read(conn, 32)
        if not any(same(tag(key, b"server", theirs, ours), got) for key in (KEY, MALLORY)):
            raise Refused("this is not the server")
        lines_of_text(conn)
except (Refused, EOFError, OSError) as error:
    sys.exit(f"error: {error}")
