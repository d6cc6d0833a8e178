# Mistake: readline on a buffered file for the length, recv on the socket for the message, which the file has taken already.
import socket, sys

srv = socket.create_server((sys.argv[1], int(sys.argv[2])))
while True:
    conn, _ = srv.accept()
    with conn, conn.makefile("rb") as lines:
        while line := lines.readline(5):
            message = conn.recv(int(line))
            conn.sendall(b"-----> " + message + b"\n")
