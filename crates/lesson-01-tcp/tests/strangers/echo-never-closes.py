# Mistake: the thread notices the end, but a list keeps every socket: none is ever closed, and the client waits for the end.
import socket, sys, threading

listener = socket.create_server((sys.argv[1], int(sys.argv[2])))
clients = []

def serve(conn):
    while True:
        data = conn.recv(1024)
        if not data:
            return
        conn.sendall(data)

while True:
    conn, _ = listener.accept()
    clients.append(conn)
    threading.Thread(target=serve, args=(conn,), daemon=True).start()
