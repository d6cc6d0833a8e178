# Wrong: the tag is over the nonce alone, the same for client and server: another client can be made to answer
# for the server.
import os
import socket
import sys

from login_wire import KEYS, Refused, address, check, lines_of_text, read, tag

try:
    with socket.create_connection(address(), timeout=10) as conn:
        ours = os.urandom(32)
        conn.sendall(ours + tag(KEYS["shared"], read(conn, 32)))
        check(tag(KEYS["shared"], ours), read(conn, 32))
        lines_of_text(conn)
except (Refused, EOFError, OSError) as error:
    sys.exit(f"error: {error}")
