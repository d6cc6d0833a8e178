"""Sends every datagram back."""
import socket, sys
server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
server.bind((sys.argv[1], int(sys.argv[2])))
while True:
    data, peer = server.recvfrom(65535)
    server.sendto(data, peer)
