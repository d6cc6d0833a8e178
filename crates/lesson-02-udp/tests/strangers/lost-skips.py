# Asks once, with a timeout, and goes on to the next line. Wrong: the first question is never answered, and the status is 0.
import socket, sys

server = (sys.argv[1], int(sys.argv[2]))
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.settimeout(0.5)
for number, line in enumerate(sys.stdin, 1):
    question = f"{number} {line.rstrip()}".encode()
    s.sendto(question, server)
    try:
        while s.recvfrom(65535) != (question, server):
            pass
        print(question.decode(), flush=True)
    except socket.timeout:
        print(question.decode(), "timed out", file=sys.stderr)
