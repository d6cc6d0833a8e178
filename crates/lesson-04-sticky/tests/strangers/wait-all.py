# Mistake: MSG_WAITALL with a length that the chapter's message happens to have.
import socket, sys

srv = socket.create_server((sys.argv[1], int(sys.argv[2])))
while True:
    conn, _ = srv.accept()
    with conn:
        while data := conn.recv(10, socket.MSG_WAITALL):
            conn.sendall(b"-----> " + data.rstrip(b"\n") + b"\n")
