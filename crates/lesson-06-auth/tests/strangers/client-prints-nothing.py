# Wrong: it logs in and sends its lines, and prints nothing of what comes back.
import socket
import sys

from login_wire import KEYS, address, read, tag

try:
    with socket.create_connection(address(), timeout=10) as conn:
        conn.sendall(tag(KEYS["only-two"], read(conn, 32)))
        for line in sys.stdin:
            conn.sendall(line.rstrip("\n").encode())
            read(conn, len(line.rstrip("\n").encode()))
except (EOFError, OSError) as error:
    sys.exit(f"error: {error}")
