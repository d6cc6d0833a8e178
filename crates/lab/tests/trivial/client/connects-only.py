"""Connects and ends."""
import socket, sys
socket.create_connection((sys.argv[1], int(sys.argv[2]))).close()
