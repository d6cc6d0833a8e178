# Right: an echo server with a thread for each client.
import socket, sys, threading

host, port = sys.argv[1], int(sys.argv[2])
limit = float(sys.argv[3]) if len(sys.argv) > 3 else 5

def serve(conn):
    with conn:
        conn.settimeout(limit)
        try:
            for data in iter(lambda: conn.recv(1024), b""):
                conn.sendall(data)
        except OSError as error:
            print("client gone:", error, file=sys.stderr)

with socket.create_server((host, port)) as listener:
    while True:
        try:
            conn, _ = listener.accept()
        except ConnectionError:
            continue
        threading.Thread(target=serve, args=(conn,), daemon=True).start()
