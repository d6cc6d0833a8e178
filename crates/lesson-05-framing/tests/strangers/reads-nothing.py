# Wrong: accepts everybody and never reads.
import socket
import sys

host, port = sys.argv[1], int(sys.argv[2])
listener = socket.create_server((host, port))
clients = []
while True:
    clients.append(listener.accept()[0])
