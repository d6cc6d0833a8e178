# Wrong: its nonce is always the same, so what a server once proved can be said again. The third argument names
# the wire.
import socket
import sys

from login_wire import KEYS, USERS, Refused, address, check, lines_of_text, read, tag

FIRST, KEY = {"reflection": (b"", KEYS["shared"]), "one-key-for-all": (b"A", USERS[b"alice"])}[sys.argv[3]]

try:
    with socket.create_connection(address(), timeout=10) as conn:
        ours = FIRST + b"just a number that is used twice"
        theirs = read(conn, 32)
        conn.sendall(ours + tag(KEY, b"client", theirs, ours))
        check(tag(KEY, b"server", theirs, ours), read(conn, 32))
        lines_of_text(conn)
except (Refused, EOFError, OSError) as error:
    sys.exit(f"error: {error}")
