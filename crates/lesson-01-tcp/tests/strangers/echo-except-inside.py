# Mistake: the error of one client is caught inside the loop, and the loop goes on with the dead socket.
import socket, sys, threading

listener = socket.create_server((sys.argv[1], int(sys.argv[2])))

def serve(conn):
    while True:
        try:
            conn.sendall(conn.recv(1024))
        except OSError as error:
            print("error:", error, file=sys.stderr, flush=True)

while True:
    conn, _ = listener.accept()
    threading.Thread(target=serve, args=(conn,), daemon=True).start()
