# Right: the cure of every pool of connections: no answer on a kept connection, so once more over a new one.
import socket, sys

def connect():
    sock = socket.create_connection((sys.argv[1], int(sys.argv[2])))
    sock.settimeout(5)
    return sock, sock.makefile("rb")

sock, file = connect()
for line in sys.stdin:
    for attempt in (1, 2):
        try:
            sock.sendall(line.encode())
            answer = file.readline()
        except OSError:
            answer = b""
        if answer == b"ok\n":
            break
        sock.close()
        sock, file = connect()
    else:
        sys.exit("not delivered: " + line)
    print("delivered:", line.strip(), flush=True)
