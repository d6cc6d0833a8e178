# Asks each line until it is answered, and prints nothing. Wrong: nobody sees the answers.
import socket, sys

server = (sys.argv[1], int(sys.argv[2]))
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.connect(server)
s.settimeout(0.5)
for number, line in enumerate(sys.stdin, 1):
    question = f"{number} {line.rstrip()}".encode()
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
