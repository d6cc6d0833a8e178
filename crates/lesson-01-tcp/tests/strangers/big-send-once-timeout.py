# Mistake: one send with a timeout; its result, a part, is thrown away.
import socket, sys

page = b"page" * (8 * 1024 * 1024)
listener = socket.create_server((sys.argv[1], int(sys.argv[2])))
while True:
    conn, _ = listener.accept()
    conn.settimeout(0.5)
    conn.send(page)
    conn.close()
