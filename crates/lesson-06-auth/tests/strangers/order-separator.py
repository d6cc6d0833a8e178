# Wrong: a blank between the fields in place of their lengths, as they were typed.
import socket
import sys

from login_wire import KEYS, address, read, tag

account, amount = sys.stdin.readline().rstrip("\n").encode().split(b" ", 1)
lengths = bytes([len(account)]), bytes([len(amount)])
with socket.create_connection(address(), timeout=10) as conn:
    challenge = read(conn, 32)
    proof = tag(KEYS["shared"], challenge, account, b" ", amount)
    conn.sendall(lengths[0] + account + lengths[1] + amount + proof)
    answer = b""
    while not answer.endswith(b"\n"):
        piece = conn.recv(1024)
        if not piece:
            sys.exit("error: the server has refused the order")
        answer += piece
    print(answer.decode().strip())
