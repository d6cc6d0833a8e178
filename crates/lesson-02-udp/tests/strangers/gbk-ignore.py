# Reads every datagram as UTF-8 and leaves out what is none, as advised in the net. Wrong: the text is gone.
import socket, sys

s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.bind((sys.argv[1], int(sys.argv[2])))
while True:
    data, sender = s.recvfrom(65535)
    s.sendto(data.decode("utf-8", errors="ignore").encode(), sender)
