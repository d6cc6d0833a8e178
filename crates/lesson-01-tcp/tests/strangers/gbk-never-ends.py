# Mistake: the right bytes, and no end: the server reads up to the end of the stream, and the client waits for its answer.
import socket, sys

sock = socket.create_connection((sys.argv[1], int(sys.argv[2])))
for line in sys.stdin:
    sock.sendall(line.rstrip("\n").encode("gbk"))
print(sock.recv(1024).decode("gbk"), end="")
