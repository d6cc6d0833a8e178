# Mistake: a wrong cure: read until nothing has come for 0.2 s; a pause of the network passes for the end of an answer.
import socket, sys

sock = socket.create_connection((sys.argv[1], int(sys.argv[2])))
for line in sys.stdin:
    line = line.rstrip("\n")
    if not line:
        continue
    sock.sendall(line.encode())
    sock.settimeout(None)
    answer = sock.recv(4096)
    sock.settimeout(0.2)
    try:
        while True:
            piece = sock.recv(4096)
            if not piece:
                break
            answer += piece
    except socket.timeout:
        pass
    print(answer.decode(), flush=True)
