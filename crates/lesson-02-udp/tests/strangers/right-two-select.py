# Answers `hi` at 127.0.0.1 and 127.0.0.2: a socket for each address, and select. Right.
import select, socket, sys


def bound(host):
    s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    s.bind((host, int(sys.argv[2])))
    return s


sockets = [bound(sys.argv[1]), bound("127.0.0.2")]
while True:
    for s in select.select(sockets, [], [])[0]:
        _, sender = s.recvfrom(65535)
        try:
            s.sendto(b"hi", sender)
        except OSError as error:
            print(sender, error, file=sys.stderr)
