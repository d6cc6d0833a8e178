# Asks the first line as it has to be asked, and ends. Wrong: the other lines are never asked.
import socket, sys

server = (sys.argv[1], int(sys.argv[2]))
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.connect(server)
s.settimeout(0.5)
question = f"1 {sys.stdin.readline().rstrip()}".encode()
for _ in range(10):
    s.send(question)
    try:
        while s.recv(65535) != question:
            pass
        print(question.decode(), flush=True)
        break
    except socket.timeout:
        pass
