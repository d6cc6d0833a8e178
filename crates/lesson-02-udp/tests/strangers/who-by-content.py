# A client that takes whatever is the same as its question. Wrong: a stranger can say that too.
import socket, sys

server = (sys.argv[1], int(sys.argv[2]))
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.settimeout(5)
for line in sys.stdin:
    question = line.rstrip("\n").encode()
    s.sendto(question, server)
    while s.recvfrom(65535)[0] != question:
        pass
    print(question.decode(), flush=True)
