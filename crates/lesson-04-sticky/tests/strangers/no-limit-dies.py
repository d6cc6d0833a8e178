# No limit, and the reset of one client ends the server.
import socket, sys

srv = socket.create_server((sys.argv[1], int(sys.argv[2])))
while True:
    conn, _ = srv.accept()
    with conn, conn.makefile("rb") as lines:
        for line in lines:
            conn.sendall(b"-----> " + line)
