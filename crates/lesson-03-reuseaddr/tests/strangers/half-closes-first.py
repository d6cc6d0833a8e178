# Mistake, half a cure: waits for the client, but has sent its own FIN before: it is this side that closed first.
import socket, sys

srv = socket.create_server((sys.argv[1], int(sys.argv[2])))
while True:
    conn, _ = srv.accept()
    with conn:
        conn.recv(6, socket.MSG_WAITALL)
        conn.sendall(b"hi")
        conn.shutdown(socket.SHUT_WR)
        while conn.recv(1024):
            pass
