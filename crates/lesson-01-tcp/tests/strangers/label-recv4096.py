# Mistake: a larger buffer in place of a loop: one recv still gives what has arrived, and no more.
import socket, sys

sock = socket.create_connection((sys.argv[1], int(sys.argv[2])))
for line in sys.stdin:
    line = line.rstrip("\n")
    if not line:
        continue
    sock.sendall(line.encode())
    print(sock.recv(4096).decode(), flush=True)
