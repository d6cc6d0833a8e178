# Mistake: a blank is sent for an empty line: the server gets what nobody typed.
import socket, sys

sock = socket.create_connection((sys.argv[1], int(sys.argv[2])))
answers = sock.makefile("rb")
for line in sys.stdin:
    line = line.rstrip("\n").encode() or b" "
    sock.sendall(line)
    print(answers.read(6 + len(line)).decode(), flush=True)
