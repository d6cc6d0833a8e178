# As who-by-content.py, and what it prints stays in a buffer until it ends. Wrong.
import io, socket, sys

sys.stdout = io.TextIOWrapper(open(1, "wb", 65536))

server = (sys.argv[1], int(sys.argv[2]))
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.settimeout(5)
for line in sys.stdin:
    question = line.rstrip("\n").encode()
    s.sendto(question, server)
    while s.recvfrom(65535)[0] != question:
        pass
    print(question.decode())
