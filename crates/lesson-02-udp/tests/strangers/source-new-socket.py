# A socket for each address, and a new socket for each answer. Wrong: the answer comes from another port than was asked.
import select, socket, sys

HOSTS = (sys.argv[1], "127.0.0.2")
sockets = [socket.socket(socket.AF_INET, socket.SOCK_DGRAM) for _ in HOSTS]
for s, host in zip(sockets, HOSTS):
    s.bind((host, int(sys.argv[2])))
while True:
    for s in select.select(sockets, [], [])[0]:
        _, sender = s.recvfrom(65535)
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as out:
            out.bind((s.getsockname()[0], 0))
            out.sendto(b"hi", sender)
