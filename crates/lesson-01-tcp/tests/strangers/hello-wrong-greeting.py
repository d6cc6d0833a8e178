# Mistake: everything about connect is right, and it prints another thing than the answer.
import socket, sys

sock = socket.create_connection((sys.argv[1], int(sys.argv[2])), timeout=2)
sock.sendall(b"hello")
sock.recv(5)
print("done")
