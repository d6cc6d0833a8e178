# Mistake: there is a deadline, and nobody catches it: one silent client ends the server.
import socket, sys

listener = socket.create_server((sys.argv[1], int(sys.argv[2])))
while True:
    conn, _ = listener.accept()
    conn.settimeout(1)
    with conn:
        while data := conn.recv(1024):
            conn.sendall(data)
