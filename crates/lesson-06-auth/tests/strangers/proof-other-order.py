# Wrong: its tag is over its own nonce first and the server's second. The third argument names the wire.
import os
import socket
import sys

from login_wire import KEYS, USERS, Refused, address, check, lines_of_text, read, tag

FIRST, KEY = {"reflection": (b"", KEYS["shared"]), "one-key-for-all": (b"A", USERS[b"alice"])}[sys.argv[3]]

try:
    with socket.create_connection(address(), timeout=10) as conn:
        ours = FIRST + os.urandom(32)
        theirs = read(conn, 32)
        conn.sendall(ours + tag(KEY, b"client", ours, theirs))
        check(tag(KEY, b"server", ours, theirs), read(conn, 32))
        lines_of_text(conn)
except (Refused, EOFError, OSError) as error:
    sys.exit(f"error: {error}")
