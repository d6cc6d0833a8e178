"""Listens, accepts nobody and ends after a moment."""
import socket, sys, time
server = socket.create_server((sys.argv[1], int(sys.argv[2])))
time.sleep(0.3)
