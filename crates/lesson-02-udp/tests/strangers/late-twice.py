# Reports each line twice, so that one of them may fail. Half a cure: most lines are counted twice.
import socket, sys

server = (sys.argv[1], int(sys.argv[2]))
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.connect(server)
for line in sys.stdin:
    for _ in range(2):
        try:
            s.send(line.rstrip("\n").encode())
        except ConnectionRefusedError:
            pass
