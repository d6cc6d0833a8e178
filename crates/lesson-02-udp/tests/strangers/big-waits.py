# Catches the error of the send and waits for the answer all the same. Wrong: there will be none.
import socket, sys

server = (sys.argv[1], int(sys.argv[2]))
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
for line in sys.stdin:
    try:
        s.sendto(line.rstrip("\n").encode(), server)
    except OSError as error:
        print(error, file=sys.stderr)
    print(s.recv(65535).decode(), flush=True)
