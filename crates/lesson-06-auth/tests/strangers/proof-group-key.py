# Wrong: there is one key for all clients, and everybody who has it can play the server.
import socket
import sys

from login_wire import MALLORY, Refused, address, drive, lines_of_text, one_key_for_all

try:
    with socket.create_connection(address(), timeout=10) as conn:
        drive(conn, one_key_for_all(MALLORY))
        lines_of_text(conn)
except (Refused, EOFError, OSError) as error:
    sys.exit(f"error: {error}")
