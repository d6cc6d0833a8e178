# An echo server that sees that a datagram was cut (MSG_TRUNC) and throws it away. Half a cure: nothing wrong is
# sent, but a datagram of 2049 bytes is never answered.
import socket, sys

s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.bind((sys.argv[1], int(sys.argv[2])))
while True:
    data, _, flags, sender = s.recvmsg(2048)
    if not flags & socket.MSG_TRUNC:
        s.sendto(data, sender)
