# Mistake: an empty line is "sent" and its answer waited for; no byte of it is on the wire. It reads exactly.
import socket, sys

sock = socket.create_connection((sys.argv[1], int(sys.argv[2])))
answers = sock.makefile("rb")
for line in sys.stdin:
    line = line.rstrip("\n").encode()
    sock.sendall(line)
    print(answers.read(6 + len(line)).decode(), flush=True)
