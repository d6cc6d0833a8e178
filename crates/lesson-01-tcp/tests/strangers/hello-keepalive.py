# Mistake (of full-queue): keepalive, which begins when there is a connection.
import socket, sys

sock = socket.socket()
sock.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
if hasattr(socket, "TCP_KEEPIDLE"):
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPIDLE, 1)
sock.connect((sys.argv[1], int(sys.argv[2])))
sock.sendall(b"hello")
print(sock.recv(5).decode())
