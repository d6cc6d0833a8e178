# Mistake: a limit for connect alone; a connection that waits in the queue is a connection, and its answer is waited for forever.
import socket, sys

sock = socket.create_connection((sys.argv[1], int(sys.argv[2])), timeout=2)
sock.settimeout(None)
sock.sendall(b"hello")
print(sock.recv(5, socket.MSG_WAITALL).decode())
