# Sends a piece and waits for its number, without a timeout. Half a cure: it does not overrun the server, but when a number
# is lost it waits for ever.
import socket, sys

server = (sys.argv[1], int(sys.argv[2]))
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
for number in range(int(input())):
    head = number.to_bytes(4, "big")
    s.sendto(head + b"x" * 8188, server)
    while s.recv(2048) != head:
        pass
