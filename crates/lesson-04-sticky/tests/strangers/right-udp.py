# Right: room for any datagram, so each comes whole; one that is longer than 1024 bytes is refused.
import socket, sys

sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
sock.bind((sys.argv[1], int(sys.argv[2])))
while True:
    message, sender = sock.recvfrom(65535)
    if len(message) > 1024:
        print(sender, "a message is too long", file=sys.stderr, flush=True)
        continue
    try:
        sock.sendto(b"-----> " + message, sender)
    except OSError as error:
        print(sender, error, file=sys.stderr, flush=True)
