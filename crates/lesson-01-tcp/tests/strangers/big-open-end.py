# Mistake: the page is sent whole, and the connection is never closed: the client does not learn that this was all.
import socket, sys

kept = []
listener = socket.create_server((sys.argv[1], int(sys.argv[2])))
while True:
    conn, _ = listener.accept()
    kept.append(conn)
    conn.sendall(b"page" * (8 * 1024 * 1024))
