# An echo server that asks a non-blocking socket again and again, without select. Wrong: it keeps a processor busy for nothing.
import socket, sys

s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.bind((sys.argv[1], int(sys.argv[2])))
s.setblocking(False)
while True:
    try:
        data, sender = s.recvfrom(65535)
    except BlockingIOError:
        continue
    s.sendto(data, sender)
