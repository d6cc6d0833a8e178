# Right: an echo server that serves one client after the other, with a deadline for each.
import socket, sys

host, port = sys.argv[1], int(sys.argv[2])
limit = float(sys.argv[3]) if len(sys.argv) > 3 else 5
listener = socket.create_server((host, port))
while True:
    try:
        conn, _ = listener.accept()
    except OSError:
        continue
    with conn:
        conn.settimeout(limit)
        try:
            while True:
                data = conn.recv(4096)
                if not data:
                    break
                conn.sendall(data)
        except OSError as error:
            print("connection closed:", error, file=sys.stderr)
