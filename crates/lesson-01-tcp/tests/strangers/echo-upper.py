# Mistake: not an echo: capital letters come back. Otherwise a good server.
import socket, sys, threading

def serve(conn):
    with conn:
        conn.settimeout(float(sys.argv[3]) if len(sys.argv) > 3 else 5)
        try:
            for data in iter(lambda: conn.recv(1024), b""):
                conn.sendall(data.upper())
        except OSError:
            pass

listener = socket.create_server((sys.argv[1], int(sys.argv[2])))
while True:
    conn, _ = listener.accept()
    threading.Thread(target=serve, args=(conn,), daemon=True).start()
