# Mistake: conn.close() while a file of makefile is open: the stream is never ended, and the client waits.
import socket, sys

host, port = sys.argv[1], int(sys.argv[2])
srv = socket.create_server((host, port))
while True:
    conn, _ = srv.accept()
    lines = conn.makefile("rb")
    while True:
        line = lines.readline()
        if not line:
            break
        conn.sendall(b"-----> " + line)
    conn.close()
