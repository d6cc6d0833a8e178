# An echo server that `exit` ends, if it comes from this machine. Half a cure: so can every program here, and the
# sender address of a datagram is easily forged.
import socket, sys

s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.bind((sys.argv[1], int(sys.argv[2])))
while True:
    data, sender = s.recvfrom(65535)
    if data.strip() == b"exit" and sender[0] == "127.0.0.1":
        sys.exit("stopped")
    s.sendto(data, sender)
