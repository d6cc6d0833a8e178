# Asks again at once whenever the port is dead. Wrong: it never ends, and keeps a processor busy.
import socket, sys

server = (sys.argv[1], int(sys.argv[2]))
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.connect(server)
s.settimeout(5)
for line in sys.stdin:
    while True:
        try:
            s.send(line.rstrip("\n").encode())
            print(s.recv(65535).decode(), flush=True)
            break
        except ConnectionRefusedError:
            pass
