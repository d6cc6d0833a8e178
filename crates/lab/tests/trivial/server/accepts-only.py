"""Accepts, keeps every connection and does nothing with it."""
import socket, sys
server = socket.create_server((sys.argv[1], int(sys.argv[2])))
kept = []
while True:
    kept.append(server.accept())
