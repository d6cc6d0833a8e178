# Mistake: the end of one client is taken for the end of the work: sys.exit, and the next client is refused.
import socket, sys

listener = socket.create_server((sys.argv[1], int(sys.argv[2])))
while True:
    conn, _ = listener.accept()
    while True:
        data = conn.recv(1024)
        if not data:
            conn.close()
            sys.exit()
        conn.sendall(data)
