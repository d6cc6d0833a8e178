# Wrong: listens, accepts nobody, and ends by itself.
import socket
import sys
import time

host, port = sys.argv[1], int(sys.argv[2])
listener = socket.create_server((host, port))
time.sleep(0.3)
