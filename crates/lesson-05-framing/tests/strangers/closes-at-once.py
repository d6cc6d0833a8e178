# Wrong: closes every connection at once. Not a byte is read.
import socket
import sys

host, port = sys.argv[1], int(sys.argv[2])
listener = socket.create_server((host, port))
while True:
    listener.accept()[0].close()
