# Mistake: a new file object for each line; what the old one had read ahead is lost with it.
import socket, sys

srv = socket.create_server((sys.argv[1], int(sys.argv[2])))
while True:
    conn, _ = srv.accept()
    with conn:
        while True:
            with conn.makefile("rb") as lines:
                line = lines.readline()
            if not line:
                break
            conn.sendall(b"-----> " + line.rstrip(b"\n") + b"\n")
