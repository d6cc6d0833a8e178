"""Sends a datagram that means nothing, and ends."""
import socket, sys
client = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
client.sendto(bytes(range(128, 192)), (sys.argv[1], int(sys.argv[2])))
