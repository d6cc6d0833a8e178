# Mistake, half a cure: looks at the greeting instead of the addresses, and closes when it is its own hello.
import socket, sys


def attempt():
    for _ in range(200_000):
        try:
            sock = socket.create_connection((sys.argv[1], int(sys.argv[2])))
        except ConnectionRefusedError:
            continue
        sock.sendall(b"hello!")
        greeting = sock.recv(64)
        if greeting == b"hi":
            return sock
        sock.close()
        return None
    return None


for line in sys.stdin:
    sock = attempt()
    print("hi" if sock else "strange greeting, closed", flush=True)
    if sock:
        sys.stdin.read()
