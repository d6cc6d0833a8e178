# Mistake: create_connection in a loop; a greeting that is not "hi" is only reported, and the connection kept.
import socket, sys


def attempt():
    for _ in range(200_000):
        try:
            return socket.create_connection((sys.argv[1], int(sys.argv[2])))
        except ConnectionRefusedError:
            pass
    raise SystemExit("nobody listens")


sock = None
for line in sys.stdin:
    sock = sock or attempt()
    sock.sendall(b"hello!")
    print("the server says", sock.recv(2), flush=True)
