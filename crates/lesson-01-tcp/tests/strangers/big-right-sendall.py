# Right: sendall, in a thread for each client, with a generous deadline.
import socket, sys, threading

page = b"page" * (8 * 1024 * 1024)

def serve(conn):
    with conn:
        conn.settimeout(60)
        try:
            conn.sendall(page)
        except OSError as error:
            print("connection closed:", error, file=sys.stderr)

listener = socket.create_server((sys.argv[1], int(sys.argv[2])))
while True:
    conn, _ = listener.accept()
    threading.Thread(target=serve, args=(conn,), daemon=True).start()
