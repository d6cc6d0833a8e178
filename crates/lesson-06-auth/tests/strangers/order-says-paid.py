# Wrong: it does not wait for the answer; what it prints is what it hopes.
import socket
import sys

from login_wire import KEYS, address, read, tag

account, amount = sys.stdin.readline().rstrip("\n").encode().split(b" ", 1)
lengths = bytes([len(account)]), bytes([len(amount)])
with socket.create_connection(address(), timeout=10) as conn:
    challenge = read(conn, 32)
    proof = tag(KEYS["shared"], challenge, lengths[0], account, lengths[1], amount)
    conn.sendall(lengths[0] + account + lengths[1] + amount + proof)
    print(f"paid {amount.decode()} to {account.decode()}")
