# Says hello again until it is answered, and prints nothing. Wrong: the answer is for its reader.
import socket, sys

server = (sys.argv[1], int(sys.argv[2]))
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.settimeout(0.3)
for _ in range(40):
    s.sendto(b"hello", server)
    try:
        s.recvfrom(1024)
        break
    except socket.timeout:
        pass
