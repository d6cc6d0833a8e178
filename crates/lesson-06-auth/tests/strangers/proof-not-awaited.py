# Wrong: the first line is sent right behind the login, before the server has proved anything. The third
# argument names the wire.
import os
import socket
import sys

from login_wire import KEYS, USERS, Refused, address, check, lines_of_text, read, tag

FIRST, KEY = {"reflection": (b"", KEYS["shared"]), "one-key-for-all": (b"A", USERS[b"alice"])}[sys.argv[3]]

try:
    with socket.create_connection(address(), timeout=10) as conn:
        ours = FIRST + os.urandom(32)
        theirs = read(conn, 32)
        conn.sendall(ours + tag(KEY, b"client", theirs, ours))
        line = sys.stdin.readline().rstrip("\n").encode()
        conn.sendall(line)
        check(tag(KEY, b"server", theirs, ours), read(conn, 32))
        print(read(conn, len(line)).decode())
        lines_of_text(conn)
except (Refused, EOFError, OSError) as error:
    sys.exit(f"error: {error}")
