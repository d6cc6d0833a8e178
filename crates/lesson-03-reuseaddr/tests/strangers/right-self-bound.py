# Right, another cure: binds its own end to a port below those that the kernel hands out, which is never the server's.
import socket, sys

host, port = sys.argv[1], int(sys.argv[2])


def attempt():
    mine = 10_000
    for _ in range(60_000):
        sock = socket.socket()
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            while True:
                mine = 10_000 + (mine + 1) % 8_000
                try:
                    if mine != port:
                        sock.bind((host, mine))
                        break
                except OSError:
                    pass
            sock.connect((host, port))
            return sock
        except ConnectionRefusedError:
            sock.close()
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
