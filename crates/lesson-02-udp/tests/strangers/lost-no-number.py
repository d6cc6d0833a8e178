# Asks again, but sends the line alone. Wrong: without a number nobody knows which question an answer belongs to.
import socket, sys

server = (sys.argv[1], int(sys.argv[2]))
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.connect(server)
s.settimeout(0.5)
for line in sys.stdin:
    question = line.rstrip().encode()
    for _ in range(10):
        s.send(question)
        try:
            while s.recv(65535) != question:
                pass
            break
        except socket.timeout:
            pass
    else:
        sys.exit("no answer")
    print(question.decode(), flush=True)
