# Reads all lines before it reports the first. The trap cannot strike: nothing is sent while the server is away.
import socket, sys

server = (sys.argv[1], int(sys.argv[2]))
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.connect(server)
for line in sys.stdin.readlines():
    s.send(line.rstrip("\n").encode())
