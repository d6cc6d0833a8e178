# Tries once for each line, which is too seldom for the trap to strike: it says nothing of this client.
import socket, sys

for line in sys.stdin:
    try:
        sock = socket.create_connection((sys.argv[1], int(sys.argv[2])), timeout=5)
    except OSError as error:
        print("not connected:", error, flush=True)
        continue
    sock.sendall(b"hello!")
    print(sock.recv(2, socket.MSG_WAITALL).decode(), flush=True)
    sys.stdin.read()
