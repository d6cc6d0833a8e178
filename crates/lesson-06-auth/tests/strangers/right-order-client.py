# Right: orders one payment over a blocking socket and prints what the server says.
import socket
import sys

from login_wire import address, drive, order

try:
    with socket.create_connection(address(), timeout=10) as conn:
        print(drive(conn, order(sys.stdin.readline().rstrip("\n"))))
except (EOFError, OSError) as error:
    sys.exit(f"error: {error}")
