# Mistake: the error of connect is caught and passed over, and the program goes on.
import socket, sys

sock = socket.socket()
sock.settimeout(2)
try:
    sock.connect((sys.argv[1], int(sys.argv[2])))
except OSError:
    pass
sock.sendall(b"hello")
print(sock.recv(5).decode())
