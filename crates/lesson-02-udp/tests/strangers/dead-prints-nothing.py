# Asks, notices when the server has gone, and prints no answer. Wrong: nobody sees the answers.
import socket, sys

server = (sys.argv[1], int(sys.argv[2]))
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.connect(server)
s.settimeout(5)
for line in sys.stdin:
    s.send(line.rstrip("\n").encode())
    s.recv(65535)
