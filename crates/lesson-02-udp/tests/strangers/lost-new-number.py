# Asks again, with a new number for each try. Wrong: to the server it is a new question.
import itertools
import socket, sys

server = (sys.argv[1], int(sys.argv[2]))
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.settimeout(0.5)
numbers = itertools.count(1)
for line in sys.stdin:
    for number in itertools.islice(numbers, 10):
        question = f"{number} {line.rstrip()}".encode()
        s.sendto(question, server)
        try:
            while s.recvfrom(65535) != (question, server):
                pass
            break
        except socket.timeout:
            pass
    else:
        sys.exit("no answer")
    print(question.decode(), flush=True)
