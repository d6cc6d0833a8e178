# Mistake: a piece of its own backup, none of the server's, and it says that all is well.
import socket, sys

sock = socket.create_connection((sys.argv[1], int(sys.argv[2])))
sock.sendall(b"c" * 65536)
sock.close()
print("the exchange is complete")
