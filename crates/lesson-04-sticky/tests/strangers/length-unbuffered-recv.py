# Mistake, half a cure: the file is unbuffered, so nothing is read ahead, but one recv need not give the whole message.
import socket, sys

srv = socket.create_server((sys.argv[1], int(sys.argv[2])))
while True:
    conn, _ = srv.accept()
    with conn, conn.makefile("rb", buffering=0) as lines:
        while line := lines.readline(5):
            message = conn.recv(int(line))
            conn.sendall(b"-----> " + message + b"\n")
