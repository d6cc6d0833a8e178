# Mistake: closes the file of makefile and takes that for the end of the stream; the socket stays open.
import socket, sys

sock = socket.create_connection((sys.argv[1], int(sys.argv[2])))
out = sock.makefile("w")
out.write(sys.stdin.read())
out.close()
print(sock.makefile().read(), end="")
