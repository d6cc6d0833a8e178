# Wrong: one recv for the 32 bytes of the challenge.
import socket
import sys

from login_wire import KEYS, address, tag

account, amount = sys.stdin.readline().rstrip("\n").encode().split(b" ", 1)
lengths = bytes([len(account)]), bytes([len(amount)])
with socket.create_connection(address(), timeout=10) as conn:
    challenge = conn.recv(32)
    proof = tag(KEYS["shared"], challenge, lengths[0], account, lengths[1], amount)
    conn.sendall(lengths[0] + account + lengths[1] + amount + proof)
    answer = b""
    while not answer.endswith(b"\n"):
        piece = conn.recv(1024)
        if not piece:
            sys.exit("error: the server has refused the order")
        answer += piece
    print(answer.decode().strip())
