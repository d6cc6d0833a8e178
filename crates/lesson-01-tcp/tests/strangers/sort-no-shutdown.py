# Mistake: sends everything and reads to the end of the answer; its own direction never ends.
import socket, sys

sock = socket.create_connection((sys.argv[1], int(sys.argv[2])))
sock.sendall(sys.stdin.buffer.read())
while piece := sock.recv(4096):
    sys.stdout.buffer.write(piece)
