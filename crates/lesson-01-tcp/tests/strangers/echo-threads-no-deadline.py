# Mistake (of silent-peer): a thread for each client and no deadline: who says nothing keeps a thread and a descriptor forever.
import socket, sys, threading

listener = socket.create_server((sys.argv[1], int(sys.argv[2])))

def serve(conn):
    with conn:
        try:
            while data := conn.recv(1024):
                conn.sendall(data)
        except OSError as error:
            print("connection closed:", error, file=sys.stderr)

while True:
    conn, _ = listener.accept()
    threading.Thread(target=serve, args=(conn,), daemon=True).start()
