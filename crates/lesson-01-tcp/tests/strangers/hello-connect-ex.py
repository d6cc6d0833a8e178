# Mistake: connect_ex gives the error as its result, and nobody looks at it.
import socket, sys

sock = socket.socket()
sock.settimeout(2)
sock.connect_ex((sys.argv[1], int(sys.argv[2])))
print("connected", flush=True)
sock.sendall(b"hello")
print(sock.recv(5).decode())
