# Wrong: it answers whatever it is asked with the secret itself.
import socket
import sys

from login_wire import KEYS, address, lines_of_text

try:
    with socket.create_connection(address(), timeout=10) as conn:
        conn.recv(1024)
        conn.sendall(KEYS["only-two"])
        lines_of_text(conn)
except (EOFError, OSError) as error:
    sys.exit(f"error: {error}")
