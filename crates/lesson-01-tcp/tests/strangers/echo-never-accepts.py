# Mistake: listens and never accepts; the kernel connects its clients, and nobody serves them.
import socket, sys, time

listener = socket.create_server((sys.argv[1], int(sys.argv[2])))
while True:
    time.sleep(3600)
