# Mistake: every error is caught, nothing is said, and the program ends well.
import socket, sys

try:
    with socket.create_connection((sys.argv[1], int(sys.argv[2])), timeout=2) as sock:
        sock.sendall(b"hello")
        print(sock.recv(5).decode())
except OSError:
    pass
