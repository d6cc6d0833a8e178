# Mistake: the text stays in the buffer of makefile when the direction is ended: an empty text is sorted.
import socket, sys

sock = socket.create_connection((sys.argv[1], int(sys.argv[2])))
out = sock.makefile("wb")
out.write(sys.stdin.buffer.read(1 << 13))
sock.shutdown(socket.SHUT_WR)
while piece := sock.recv(4096):
    sys.stdout.buffer.write(piece)
