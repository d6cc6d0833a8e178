# Wrong: where the tag of the server is wrong there is a warning, and the client goes on. The third argument
# names the wire.
import os
import socket
import sys

from login_wire import KEYS, USERS, address, lines_of_text, read, same, tag

FIRST, KEY = {"reflection": (b"", KEYS["shared"]), "one-key-for-all": (b"A", USERS[b"alice"])}[sys.argv[3]]

try:
    with socket.create_connection(address(), timeout=10) as conn:
        ours = FIRST + os.urandom(32)
        theirs = read(conn, 32)
        conn.sendall(ours + tag(KEY, b"client", theirs, ours))
        if not same(tag(KEY, b"server", theirs, ours), read(conn, 32)):
            print("warning: the server could not be verified", file=sys.stderr)
        lines_of_text(conn)
except (EOFError, OSError) as error:
    sys.exit(f"error: {error}")
