# Mistake: it counts what it wanted to send, not what was taken: pieces are missing in the middle, and the end comes too early.
import socket, sys

page = memoryview(b"page" * (8 * 1024 * 1024))
listener = socket.create_server((sys.argv[1], int(sys.argv[2])))
while True:
    conn, _ = listener.accept()
    with conn:
        conn.settimeout(0.5)
        try:
            for start in range(0, len(page), 1 << 20):
                try:
                    conn.send(page[start:start + (1 << 20)])
                except socket.timeout:
                    continue
        except OSError:
            pass
