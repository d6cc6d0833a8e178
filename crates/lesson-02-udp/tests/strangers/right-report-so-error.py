# Reports each line, and takes the error of the one before off the socket (SO_ERROR) before it sends. Right.
import socket, sys

s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.connect((sys.argv[1], int(sys.argv[2])))
for line in sys.stdin:
    error = s.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
    if error:
        print("the line before found nobody: error", error, file=sys.stderr)
    s.send(line.rstrip("\n").encode())
