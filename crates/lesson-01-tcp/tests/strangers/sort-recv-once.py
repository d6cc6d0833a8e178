# Mistake: a half cure: it ends its direction, and reads the answer with one recv.
import socket, sys

sock = socket.create_connection((sys.argv[1], int(sys.argv[2])))
sock.sendall(sys.stdin.buffer.read())
sock.shutdown(socket.SHUT_WR)
sys.stdout.buffer.write(sock.recv(65536))
