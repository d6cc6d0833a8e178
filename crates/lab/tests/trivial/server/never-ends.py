"""Sends to everybody without end and reads nothing."""
import socket, sys, threading
server = socket.create_server((sys.argv[1], int(sys.argv[2])))
def serve(conn):
    try:
        while True:
            conn.sendall(b"again and again\n")
    except OSError:
        conn.close()
while True:
    threading.Thread(target=serve, args=server.accept()[:1], daemon=True).start()
