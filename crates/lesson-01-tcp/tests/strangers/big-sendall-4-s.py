# Wrong: settimeout(4) counts for all of sendall, since Python 3.5: 4 s for the whole page.
import socket, sys

page = b"page" * (8 * 1024 * 1024)
listener = socket.create_server((sys.argv[1], int(sys.argv[2])))
while True:
    conn, _ = listener.accept()
    with conn:
        conn.settimeout(4)
        try:
            conn.sendall(page)
        except socket.timeout:
            print("the client is too slow", file=sys.stderr)
