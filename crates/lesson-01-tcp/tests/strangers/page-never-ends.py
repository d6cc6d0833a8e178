# Mistake: the page is sent and the connection kept open: the client, which reads to the end, waits forever.
import socket, sys, threading

kept = []

def serve(conn):
    kept.append(conn)
    if conn.recv(4096):
        conn.sendall(b"page" * 25_000)

listener = socket.create_server((sys.argv[1], int(sys.argv[2])))
while True:
    conn, _ = listener.accept()
    threading.Thread(target=serve, args=(conn,), daemon=True).start()
