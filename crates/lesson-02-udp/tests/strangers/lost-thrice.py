# Sends each question three times at once, and waits. Half a cure: what loses one of them may lose all three.
import socket, sys

server = (sys.argv[1], int(sys.argv[2]))
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
for number, line in enumerate(sys.stdin, 1):
    question = f"{number} {line.rstrip()}".encode()
    for _ in range(3):
        s.sendto(question, server)
    while s.recvfrom(65535) != (question, server):
        pass
    print(question.decode(), flush=True)
