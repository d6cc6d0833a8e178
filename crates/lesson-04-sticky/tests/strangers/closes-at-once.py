# Mistake: accepts, and closes at once.
import socket, sys

srv = socket.create_server((sys.argv[1], int(sys.argv[2])))
while True:
    srv.accept()[0].close()
