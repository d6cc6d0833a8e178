# Mistake: looks at the first character of a line that has none: a traceback in the middle of the conversation.
import socket, sys

sock = socket.create_connection((sys.argv[1], int(sys.argv[2])))
answers = sock.makefile("rb")
for line in sys.stdin:
    line = line.rstrip("\n").encode()
    if line[0] == ord("/"):
        continue
    sock.sendall(line)
    print(answers.read(6 + len(line)).decode(), flush=True)
