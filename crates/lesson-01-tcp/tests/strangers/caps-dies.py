# Mistake: the error of one text is not caught and ends the server.
import socket, sys

listener = socket.create_server((sys.argv[1], int(sys.argv[2])))
while True:
    conn, _ = listener.accept()
    while data := conn.recv(1024):
        conn.sendall(data.decode().upper().encode())
    conn.close()
