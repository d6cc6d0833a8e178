# Mistake: connect on a non-blocking socket; EINPROGRESS, "it has begun", is taken for a failure.
import socket, sys

sock = socket.socket()
sock.setblocking(False)
sock.connect((sys.argv[1], int(sys.argv[2])))
sock.sendall(b"hello")
print(sock.recv(5).decode())
