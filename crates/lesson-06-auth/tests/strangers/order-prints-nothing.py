# Wrong: it orders a payment, reads the answer and prints nothing of it.
import socket
import sys

from login_wire import address, drive, order

try:
    with socket.create_connection(address(), timeout=10) as conn:
        drive(conn, order(sys.stdin.readline().rstrip("\n")))
except (EOFError, OSError) as error:
    sys.exit(f"error: {error}")
