# Mistake: a mark at the end, "quit", in place of the end of the stream: the server sorts it with the rest, if it ever does.
import socket, sys

sock = socket.create_connection((sys.argv[1], int(sys.argv[2])))
sock.sendall(sys.stdin.buffer.read() + b"quit\n")
while piece := sock.recv(4096):
    sys.stdout.buffer.write(piece)
