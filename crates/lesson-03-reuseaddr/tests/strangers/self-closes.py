# Mistake, half a cure: notices that it has found itself, and closes; its own TIME-WAIT then keeps the server from its port.
import socket, sys


def attempt():
    for _ in range(200_000):
        sock = socket.socket()
        try:
            sock.connect((sys.argv[1], int(sys.argv[2])))
        except ConnectionRefusedError:
            sock.close()
            continue
        if sock.getsockname() != sock.getpeername():
            return sock
        sock.close()
        return None
    return None


for line in sys.stdin:
    sock = attempt()
    if sock is None:
        print("nobody listens", flush=True)
        continue
    sock.sendall(b"hello!")
    print(sock.recv(2, socket.MSG_WAITALL).decode(), flush=True)
    sys.stdin.read()
