# Mistake: accepts everybody and closes at once; nothing is read or answered.
import socket, sys

listener = socket.create_server((sys.argv[1], int(sys.argv[2])))
while True:
    conn, _ = listener.accept()
    conn.close()
