# Wrong: it answers a challenge, but to a server that asks for a password it tells the password.
import socket
import sys

from login_wire import KEYS, address, lines_of_text, read, tag

try:
    with socket.create_connection(address(), timeout=10) as conn:
        first = read(conn, 10)
        if first == b"password: ":
            conn.sendall(KEYS["only-two"])
        else:
            conn.sendall(tag(KEYS["only-two"], first + read(conn, 22)))
        lines_of_text(conn)
except (EOFError, OSError) as error:
    sys.exit(f"error: {error}")
