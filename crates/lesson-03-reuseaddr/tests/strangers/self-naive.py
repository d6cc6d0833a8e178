# Mistake: tries until connect succeeds, and does not ask to whom it is connected.
import socket, sys

host, port = sys.argv[1], int(sys.argv[2])


def attempt():
    for _ in range(200_000):
        sock = socket.socket()
        try:
            sock.connect((host, port))
            return sock
        except ConnectionRefusedError:
            sock.close()
    return None


sock = None
for line in sys.stdin:
    if sock is None:
        sock = attempt()
        if sock is None:
            print("nobody listens", flush=True)
            continue
        sock.sendall(b"hello!")
        print(sock.recv(2, socket.MSG_WAITALL).decode(), flush=True)
