# Wrong: it logs in and talks with the server, and prints nothing of what comes back. The third argument names the wire.
import socket
import sys

from login_wire import Refused, address, client, drive, read

try:
    with socket.create_connection(address(), timeout=10) as conn:
        drive(conn, client(sys.argv[3]))
        for line in sys.stdin:
            text = line.rstrip("\n").encode()
            conn.sendall(text)
            read(conn, len(text))
except (Refused, EOFError, OSError) as error:
    sys.exit(f"error: {error}")
