# Mistake: the conversation is right, and only the first answer is shown.
import socket, sys

shown = False
with socket.create_connection((sys.argv[1], int(sys.argv[2]))) as sock, sock.makefile("rb") as answers:
    for line in sys.stdin:
        line = line.rstrip("\n").encode()
        if not line:
            continue
        sock.sendall(line)
        answer = answers.read(6 + len(line))
        if not shown:
            print(answer.decode(), flush=True)
            shown = True
