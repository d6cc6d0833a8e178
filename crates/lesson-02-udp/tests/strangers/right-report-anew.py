# Reports each line from a connected socket of its own. Right: the error of one line goes with its socket.
import socket, sys

for line in sys.stdin:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
        s.connect((sys.argv[1], int(sys.argv[2])))
        s.send(line.rstrip("\n").encode())
