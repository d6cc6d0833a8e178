# A socket for each address, and the question comes back. Wrong: the answer is to be hi.
import select, socket, sys

sockets = [socket.socket(socket.AF_INET, socket.SOCK_DGRAM) for _ in range(2)]
for s, host in zip(sockets, (sys.argv[1], "127.0.0.2")):
    s.bind((host, int(sys.argv[2])))
while True:
    for s in select.select(sockets, [], [])[0]:
        data, sender = s.recvfrom(65535)
        s.sendto(data, sender)
