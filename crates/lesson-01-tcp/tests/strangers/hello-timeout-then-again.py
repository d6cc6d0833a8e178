# Mistake (of full-queue): each try has a deadline, and there is no limit for the tries.
import socket, sys

sock = None
while sock is None:
    try:
        sock = socket.create_connection((sys.argv[1], int(sys.argv[2])), timeout=0.5)
    except socket.timeout:
        print("once more", file=sys.stderr, flush=True)
sock.sendall(b"hello")
print(sock.recv(5).decode())
