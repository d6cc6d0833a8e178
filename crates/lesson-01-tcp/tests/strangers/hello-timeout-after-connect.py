# Mistake (of full-queue): the timeout is set when there is a connection; connect itself has none.
import socket, sys

sock = socket.create_connection((sys.argv[1], int(sys.argv[2])))
sock.settimeout(2)
sock.sendall(b"hello")
print(sock.recv(5).decode())
