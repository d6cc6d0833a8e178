# Mistake: as many bytes as the page has, and none of them right.
import socket, sys

listener = socket.create_server((sys.argv[1], int(sys.argv[2])))
while True:
    conn, _ = listener.accept()
    try:
        conn.sendall(b"x" * (32 * 1024 * 1024))
    except OSError:
        pass
    conn.close()
