# Mistake (the small web server of many books): one read of the request, answer, close; a longer request stays unread.
import socket, sys

listener = socket.create_server((sys.argv[1], int(sys.argv[2])))
while True:
    conn, _ = listener.accept()
    conn.recv(1024)
    conn.sendall(b"page" * 25_000)
    conn.close()
