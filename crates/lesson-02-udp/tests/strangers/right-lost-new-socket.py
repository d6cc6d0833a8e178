# Asks with a new socket for each try. Right: an answer that comes late finds nobody.
import socket, sys

for n, line in enumerate(sys.stdin):
    question = f"{n} {line.rstrip()}".encode()
    for _ in range(20):
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
            s.connect((sys.argv[1], int(sys.argv[2])))
            s.settimeout(0.3)
            try:
                s.send(question)
                if s.recv(2048) == question:
                    print(line.rstrip(), flush=True)
                    break
            except OSError:
                pass
    else:
        sys.exit("no answer")
