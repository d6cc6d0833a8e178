# Sets the option, but never closes: a client that reads to the end of the stream waits for ever.
import socket, sys

srv = socket.create_server((sys.argv[1], int(sys.argv[2])))
kept = []
while True:
    conn, _ = srv.accept()
    kept.append(conn)
    conn.recv(6, socket.MSG_WAITALL)
    conn.sendall(b"hi")
