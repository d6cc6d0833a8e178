# Says hello again after each timeout, connected. Half a cure: that nobody has the port yet is another error, and ends it.
import socket, sys

server = (sys.argv[1], int(sys.argv[2]))
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.connect(server)
s.settimeout(0.3)
for _ in range(40):
    s.send(b"hello")
    try:
        print(s.recv(1024).decode())
        break
    except socket.timeout:
        pass
