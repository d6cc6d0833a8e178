# Mistake: sendall with half a second for the whole page: a slow client gets a part, and nobody knows how much.
import socket, sys

page = b"page" * (8 * 1024 * 1024)
listener = socket.create_server((sys.argv[1], int(sys.argv[2])))
while True:
    conn, _ = listener.accept()
    with conn:
        conn.settimeout(0.5)
        try:
            conn.sendall(page)
        except socket.timeout:
            print("the client is too slow", file=sys.stderr)
