# Mistake: a wrong cure: sleep before the one recv, so that "everything has arrived".
import socket, sys, time

sock = socket.create_connection((sys.argv[1], int(sys.argv[2])))
for line in sys.stdin:
    line = line.rstrip("\n")
    if not line:
        continue
    sock.sendall(line.encode())
    time.sleep(0.2)
    print(sock.recv(65536).decode(), flush=True)
