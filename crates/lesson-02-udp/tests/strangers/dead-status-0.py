# Notices that the server has gone, says so, and ends with status 0. Wrong: whoever started it takes the line for answered.
import socket, sys

server = (sys.argv[1], int(sys.argv[2]))
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.connect(server)
s.settimeout(5)
for line in sys.stdin:
    try:
        s.send(line.rstrip("\n").encode())
        print(s.recv(65535).decode(), flush=True)
    except OSError as error:
        print("the server has gone:", error, file=sys.stderr)
        break
