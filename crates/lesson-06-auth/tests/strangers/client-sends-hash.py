# Wrong: it sends the SHA-256 of the secret, which is the same in every login.
import hashlib
import socket
import sys

from login_wire import KEYS, address, lines_of_text, read

try:
    with socket.create_connection(address(), timeout=10) as conn:
        read(conn, 32)
        conn.sendall(hashlib.sha256(KEYS["only-two"]).digest())
        lines_of_text(conn)
except (EOFError, OSError) as error:
    sys.exit(f"error: {error}")
