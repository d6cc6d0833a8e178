# Mistake: connects, sends nothing and ends well.
import socket, sys

socket.create_connection((sys.argv[1], int(sys.argv[2]))).close()
