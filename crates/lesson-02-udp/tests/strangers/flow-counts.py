# Sends all pieces and waits for as many numbers; gives up after 3 seconds. Half a cure: it notices the loss and does nothing
# about it.
import socket, sys

server = (sys.argv[1], int(sys.argv[2]))
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.settimeout(3)
count = int(input())
for number in range(count):
    s.sendto(number.to_bytes(4, "big") + b"x" * 8188, server)
for _ in range(count):
    s.recv(4)
