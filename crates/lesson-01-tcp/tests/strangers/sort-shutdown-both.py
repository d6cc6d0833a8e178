# Mistake: SHUT_RDWR ends the direction of the answer as well: recv gives the end at once, and no error is seen.
import socket, sys

sock = socket.create_connection((sys.argv[1], int(sys.argv[2])))
sock.sendall(sys.stdin.buffer.read())
sock.shutdown(socket.SHUT_RDWR)
while piece := sock.recv(4096):
    sys.stdout.buffer.write(piece)
