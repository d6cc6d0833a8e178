# Mistake: reads the request and ends well, but the page is too short by one word.
import socket, sys

listener = socket.create_server((sys.argv[1], int(sys.argv[2])))
while True:
    conn, _ = listener.accept()
    with conn, conn.makefile("rb") as request:
        request.readline()
        conn.sendall(b"page" * 24_999)
