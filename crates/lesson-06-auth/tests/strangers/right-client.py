# Right: a blocking client. The third argument names the wire: password-in-clear, reflection or one-key-for-all.
import socket
import sys

from login_wire import Refused, address, client, drive, lines_of_text

try:
    with socket.create_connection(address(), timeout=10) as conn:
        drive(conn, client(sys.argv[3]))
        lines_of_text(conn)
except (Refused, EOFError, OSError) as error:
    sys.exit(f"error: {error}")
