# Right: orders one payment, through one file for both directions.
import socket
import struct
import sys

from login_wire import KEYS, address, tag

account, amount = sys.stdin.readline().rstrip("\n").encode().split(b" ", 1)
with socket.create_connection(address(), timeout=10) as conn, conn.makefile("rwb") as file:
    challenge = file.read(32)
    if len(challenge) < 32:
        sys.exit("error: the server has closed")
    fields = struct.pack(f"B{len(account)}sB{len(amount)}s", len(account), account, len(amount), amount)
    file.write(fields + tag(KEYS["shared"], challenge + fields))
    file.flush()
    answer = file.readline()
    if not answer.endswith(b"\n"):
        sys.exit("error: the server has refused the order")
    sys.stdout.write(answer.decode())
