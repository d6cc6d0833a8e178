# Asks each line over a connected socket of its own. Right.
import socket, sys


def ask(question):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
        s.connect((sys.argv[1], int(sys.argv[2])))
        s.settimeout(3)
        s.send(question)
        return s.recv(65535)


for line in sys.stdin:
    print(ask(line.rstrip("\n").encode()).decode(), flush=True)
