# Mistake: what sendall has taken is called delivered.
import socket, sys

sock = socket.create_connection((sys.argv[1], int(sys.argv[2])))
for line in sys.stdin:
    sock.sendall(line.encode())
    print("delivered:", line.strip(), flush=True)
