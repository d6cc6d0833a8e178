# Mistake: looks at both ends, but after one failure it never tries again.
import socket, struct, sys

given_up = False


def attempt():
    global given_up
    for _ in range(0 if given_up else 200_000):
        sock = socket.socket()
        try:
            sock.connect((sys.argv[1], int(sys.argv[2])))
        except ConnectionRefusedError:
            sock.close()
            continue
        if sock.getsockname() != sock.getpeername():
            return sock
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        sock.close()
        break
    given_up = True
    return None


for line in sys.stdin:
    sock = attempt()
    if sock is None:
        print("not connected", flush=True)
        continue
    sock.sendall(b"hello!")
    print(sock.recv(2, socket.MSG_WAITALL).decode(), flush=True)
    sys.stdin.read()
