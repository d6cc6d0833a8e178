# Mistake: the listener is closed as soon as there is a client ("one listener, one connection"); the next one is refused.
import socket, sys

listener = socket.create_server((sys.argv[1], int(sys.argv[2])))
conn, _ = listener.accept()
listener.close()
with conn:
    while True:
        data = conn.recv(1024)
        if not data:
            break
        conn.sendall(data)
