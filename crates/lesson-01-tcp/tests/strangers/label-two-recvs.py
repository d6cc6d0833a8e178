# Mistake: a half cure: if the answer is short, one more recv. An answer in three pieces is cut off.
import socket, sys

sock = socket.create_connection((sys.argv[1], int(sys.argv[2])))
for line in sys.stdin:
    line = line.rstrip("\n").encode()
    if not line:
        continue
    sock.sendall(line)
    wanted = 6 + len(line)
    answer = sock.recv(wanted)
    if len(answer) < wanted:
        answer += sock.recv(wanted - len(answer))
    print(answer.decode(), flush=True)
