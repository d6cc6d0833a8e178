# Mistake: an echo with a thread for each client; nothing looks for the empty read, so the thread of a client that left spins.
import socket, sys, threading

listener = socket.create_server((sys.argv[1], int(sys.argv[2])))

def serve(conn):
    while True:
        data = conn.recv(1024)
        conn.sendall(data)

while True:
    conn, _ = listener.accept()
    threading.Thread(target=serve, args=(conn,), daemon=True).start()
