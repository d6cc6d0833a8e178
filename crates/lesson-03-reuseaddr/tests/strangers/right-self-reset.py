# Right: compares both ends of the connection, and resets the one to itself, so that no TIME-WAIT stays.
import socket, struct, sys


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
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        sock.close()
        return None
    return None


for line in sys.stdin:
    sock = attempt()
    if sock is None:
        print("not connected: nobody listens there", flush=True)
        continue
    sock.sendall(b"hello!")
    print(sock.recv(2, socket.MSG_WAITALL).decode(), flush=True)
    sys.stdin.read()
    sock.close()
