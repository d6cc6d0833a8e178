# Wrong: one recv for the answer, and half of a line is printed as if it were all.
import socket
import sys

from login_wire import KEYS, address, read, tag

account, amount = sys.stdin.readline().rstrip("\n").encode().split(b" ", 1)
lengths = bytes([len(account)]), bytes([len(amount)])
with socket.create_connection(address(), timeout=10) as conn:
    challenge = read(conn, 32)
    proof = tag(KEYS["shared"], challenge, lengths[0], account, lengths[1], amount)
    conn.sendall(lengths[0] + account + lengths[1] + amount + proof)
    print(conn.recv(1024).decode().strip())
