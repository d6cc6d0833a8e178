# Mistake: a wrong cure: every error is caught, nothing is said, and it ends well.
import socket, sys

sock = socket.create_connection((sys.argv[1], int(sys.argv[2])))
answers = sock.makefile("rb")
for line in sys.stdin:
    try:
        sock.sendall(line.encode())
        if answers.readline() == b"ok\n":
            print("delivered:", line.strip(), flush=True)
    except OSError:
        pass
