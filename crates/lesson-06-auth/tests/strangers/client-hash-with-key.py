# Wrong: the secret is sent along with the answer, in hexadecimal digits, so that the server can look it up.
import socket
import sys

from login_wire import KEYS, address, lines_of_text, read, tag

try:
    with socket.create_connection(address(), timeout=10) as conn:
        challenge = read(conn, 32)
        conn.sendall(tag(KEYS["only-two"], challenge) + KEYS["only-two"].hex().encode())
        lines_of_text(conn)
except (EOFError, OSError) as error:
    sys.exit(f"error: {error}")
