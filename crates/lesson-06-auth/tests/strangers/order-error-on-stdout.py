# Wrong: what it says of a refusal goes to standard output, among the answers.
import socket
import sys

from login_wire import address, drive, order

try:
    with socket.create_connection(address(), timeout=10) as conn:
        print(drive(conn, order(sys.stdin.readline().rstrip("\n"))))
except (EOFError, OSError) as error:
    print("not paid:", error)
    sys.exit(1)
