# Reports each line over a connected socket, and leaves the error alone. Half a cure: the send that failed has sent nothing, so
# the first line that could arrive is lost as well.
import socket, sys

server = (sys.argv[1], int(sys.argv[2]))
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.connect(server)
for line in sys.stdin:
    try:
        s.send(line.rstrip("\n").encode())
    except ConnectionRefusedError:
        pass
