# Mistake: the thread of a silent client ends at its deadline, but the socket stays open: a list keeps it.
import socket, sys, threading

listener = socket.create_server((sys.argv[1], int(sys.argv[2])))
clients = []

def serve(conn):
    conn.settimeout(1)
    try:
        while data := conn.recv(1024):
            conn.sendall(data)
        conn.close()
    except OSError as error:
        print("given up:", error, file=sys.stderr)

while True:
    conn, _ = listener.accept()
    clients.append(conn)
    threading.Thread(target=serve, args=(conn,), daemon=True).start()
