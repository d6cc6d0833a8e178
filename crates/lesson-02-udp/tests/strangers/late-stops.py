# Reports each line, and at the first error says that the server has gone and ends with status 0. Wrong: it is back.
import socket, sys

server = (sys.argv[1], int(sys.argv[2]))
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.connect(server)
for line in sys.stdin:
    try:
        s.send(line.rstrip("\n").encode())
    except OSError as error:
        print("the server has gone:", error, file=sys.stderr)
        break
