# Mistake: readline for answers that have no line end: it waits forever.
import socket, sys

sock = socket.create_connection((sys.argv[1], int(sys.argv[2])))
answers = sock.makefile("r")
for line in sys.stdin:
    line = line.rstrip("\n")
    if line:
        sock.sendall(line.encode())
        print(answers.readline(), flush=True)
