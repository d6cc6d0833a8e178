# Menu client that waits for the greeting before it sends: not what the wire of joined-greeting says.
import socket, sys
sock = socket.create_connection((sys.argv[1], int(sys.argv[2])))
texts = sock.makefile("rb")
print("greeting:", texts.read(15).decode(), flush=True)
for line in sys.stdin:
    sock.sendall(line.rstrip("\n").encode())
    print("answer:", texts.read(16).decode(), flush=True)
