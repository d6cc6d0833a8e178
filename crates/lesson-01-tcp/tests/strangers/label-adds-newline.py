# Mistake: a cure from the net: a newline goes with every line, so that none is empty. The wire has no line ends.
import socket, sys

sock = socket.create_connection((sys.argv[1], int(sys.argv[2])))
answers = sock.makefile("rb")
for line in sys.stdin:
    line = line.rstrip("\n").encode() + b"\n"
    sock.sendall(line)
    print(answers.read(6 + len(line)).decode().rstrip(), flush=True)
