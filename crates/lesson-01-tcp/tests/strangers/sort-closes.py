# Mistake: close in place of shutdown: there is no socket left to read the answer from.
import socket, sys

sock = socket.create_connection((sys.argv[1], int(sys.argv[2])))
sock.sendall(sys.stdin.buffer.read())
sock.close()
try:
    print(sock.recv(4096).decode(), end="")
except OSError as error:
    print("no answer:", error)
