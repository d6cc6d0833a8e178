# Wrong: one recv for the 32 bytes of the challenge.
import socket
import sys

from login_wire import KEYS, address, lines_of_text, tag

try:
    with socket.create_connection(address(), timeout=10) as conn:
        conn.sendall(tag(KEYS["only-two"], conn.recv(32)))
        lines_of_text(conn)
except (EOFError, OSError) as error:
    sys.exit(f"error: {error}")
