# Mistake: one recv(16) for an answer that may be longer; the rest is read as the next answer.
import socket, sys

sock = socket.create_connection((sys.argv[1], int(sys.argv[2])))
for line in sys.stdin:
    line = line.rstrip("\n")
    if not line:
        continue
    sock.sendall(line.encode())
    print(sock.recv(16).decode(), flush=True)
