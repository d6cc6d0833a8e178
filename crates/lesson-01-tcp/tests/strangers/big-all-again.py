# Mistake: a wrong cure: after a timeout the whole page once more, behind the part that went out.
import socket, sys

page = b"page" * (8 * 1024 * 1024)
listener = socket.create_server((sys.argv[1], int(sys.argv[2])))
while True:
    conn, _ = listener.accept()
    with conn:
        conn.settimeout(0.5)
        while True:
            try:
                conn.sendall(page)
                break
            except socket.timeout:
                continue
            except OSError:
                break
