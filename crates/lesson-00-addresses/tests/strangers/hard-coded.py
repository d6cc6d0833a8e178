# Mistake, a cure from the net: 127.0.0.1 instead of the addresses of the name.
import socket, sys

sock = socket.create_connection(("127.0.0.1", int(sys.argv[2])), timeout=5)
print(sock.makefile().readline().strip())
