# Mistake: serial, and the empty read is passed over with "continue": it comes again at once, and the next client waits.
import socket, sys

listener = socket.create_server((sys.argv[1], int(sys.argv[2])))
while True:
    conn, _ = listener.accept()
    while True:
        data = conn.recv(1024)
        if not data:
            continue
        conn.sendall(data)
