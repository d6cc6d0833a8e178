# Mistake: strip() before it sends: the last line has lost its newline, and is no line of the wire any more.
import socket, sys

with socket.create_connection((sys.argv[1], int(sys.argv[2]))) as sock:
    sock.sendall(sys.stdin.buffer.read().strip())
    sock.shutdown(socket.SHUT_WR)
    while piece := sock.recv(4096):
        sys.stdout.buffer.write(piece)
