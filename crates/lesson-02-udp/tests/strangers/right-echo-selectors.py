# An echo server: a non-blocking socket and selectors; takes all that is there before it sleeps again. Right.
import selectors, socket, sys

s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.bind((sys.argv[1], int(sys.argv[2])))
s.setblocking(False)
chooser = selectors.DefaultSelector()
chooser.register(s, selectors.EVENT_READ)
while True:
    chooser.select()
    while True:
        try:
            data, sender = s.recvfrom(1 << 16)
        except BlockingIOError:
            break
        try:
            s.sendto(data, sender)
        except OSError as error:  # one answer that cannot be sent is lost, as datagrams are
            print(sender, error, file=sys.stderr)
