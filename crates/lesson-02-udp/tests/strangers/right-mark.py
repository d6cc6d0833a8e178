# Sends every datagram back behind a mark, and answers nothing that begins with it. Right.
import socket, sys

MARK = b"[echo] "
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.bind((sys.argv[1], int(sys.argv[2])))
while True:
    data, sender = s.recvfrom(65535)
    if not data.startswith(MARK):
        try:
            s.sendto(MARK + data, sender)
        except OSError as error:
            print(sender, error, file=sys.stderr)
