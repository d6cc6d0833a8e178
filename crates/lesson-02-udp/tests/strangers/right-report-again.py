# Reports each line over a connected socket, and sends it again when the send fails because of an earlier one. Right.
import socket, sys

s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.connect((sys.argv[1], int(sys.argv[2])))
for line in sys.stdin:
    for _ in range(3):
        try:
            s.send(line.rstrip("\n").encode())
            break
        except ConnectionRefusedError:
            pass
    else:
        print("lost:", line.rstrip("\n"), file=sys.stderr)
