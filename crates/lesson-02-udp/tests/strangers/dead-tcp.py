# Speaks TCP to a server of UDP. Wrong: its error has nothing to do with a server that has gone.
import socket, sys

s = socket.create_connection((sys.argv[1], int(sys.argv[2])))
for line in sys.stdin:
    s.sendall(line.encode())
    print(s.recv(65535).decode(), flush=True)
