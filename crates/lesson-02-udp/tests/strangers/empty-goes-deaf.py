# An echo server that closes its socket at a datagram without bytes, and waits for a signal to end. Wrong: it lives,
# and nobody has the port.
import signal, socket, sys

s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.bind((sys.argv[1], int(sys.argv[2])))
for data, sender in iter(lambda: s.recvfrom(65535), None):
    if not data:
        s.close()
        signal.pause()
    s.sendto(data, sender)
