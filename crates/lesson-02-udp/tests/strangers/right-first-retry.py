# Says hello again every 0.3 seconds until it is answered. Right.
import socket, sys

s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.settimeout(0.3)
server = (sys.argv[1], int(sys.argv[2]))
for _ in range(40):
    s.sendto(b"hello", server)
    try:
        data, sender = s.recvfrom(1024)
    except socket.timeout:
        continue
    if sender == server:
        print(data.decode(), "from", sender)
        sys.exit(0)
sys.exit("no answer")
