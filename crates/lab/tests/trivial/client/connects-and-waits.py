"""Connects, says nothing and never ends."""
import signal, socket, sys
connection = socket.create_connection((sys.argv[1], int(sys.argv[2])))
signal.pause()
