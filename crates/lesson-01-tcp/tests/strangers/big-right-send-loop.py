# Right: a short timeout for each send, the rest after it, and a deadline for the whole page.
import socket, sys, time

page = memoryview(b"page" * (8 * 1024 * 1024))
listener = socket.create_server((sys.argv[1], int(sys.argv[2])))
while True:
    conn, _ = listener.accept()
    with conn:
        conn.settimeout(0.2)
        sent, deadline = 0, time.monotonic() + 60
        try:
            while sent < len(page) and time.monotonic() < deadline:
                try:
                    sent += conn.send(page[sent:])
                except socket.timeout:
                    continue
        except OSError as error:
            print("connection closed:", error, file=sys.stderr)
