"""Sends each line as a datagram and receives nothing."""
import socket, sys
client = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
for line in sys.stdin:
    client.sendto(line.rstrip("\n").encode(), (sys.argv[1], int(sys.argv[2])))
