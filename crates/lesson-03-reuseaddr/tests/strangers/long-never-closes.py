# Mistake: no TIME-WAIT, since the connection is never closed: the client waits for the end of the greeting.
import socket, sys

srv = socket.create_server((sys.argv[1], int(sys.argv[2])))
kept = []
while True:
    conn, _ = srv.accept()
    conn.recv(6, socket.MSG_WAITALL)
    conn.sendall(b"hi" * 50_000)
    kept.append(conn)
