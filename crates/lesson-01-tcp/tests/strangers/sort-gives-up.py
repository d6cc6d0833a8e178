# Mistake: a wrong cure: a deadline in place of the end: after a second without an answer it ends as if all was well.
import socket, sys

sock = socket.create_connection((sys.argv[1], int(sys.argv[2])))
sock.sendall(sys.stdin.buffer.read())
sock.settimeout(1)
try:
    while piece := sock.recv(4096):
        sys.stdout.buffer.write(piece)
except socket.timeout:
    print("no answer", file=sys.stderr)
