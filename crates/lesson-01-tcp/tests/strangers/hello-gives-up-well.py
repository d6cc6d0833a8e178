# Mistake: there is a deadline, and at it the program ends with status 0: a script that starts it takes that for success.
import socket, sys

try:
    sock = socket.create_connection((sys.argv[1], int(sys.argv[2])), timeout=1)
    sock.sendall(b"hello")
    print(sock.recv(5).decode())
except OSError as error:
    print("no connection:", error)
