# Mistake: reads the first word only, answers and closes with the rest unread.
import socket, sys

listener = socket.create_server((sys.argv[1], int(sys.argv[2])))
while True:
    conn, _ = listener.accept()
    conn.recv(4)
    conn.sendall(b"page" * 25_000)
    conn.close()
