# Mistake: it notices the empty read, says so, and stays in the loop: it prints without end.
import socket, sys, threading

listener = socket.create_server((sys.argv[1], int(sys.argv[2])))

def serve(conn):
    while True:
        data = conn.recv(1024)
        if data == b"":
            print("client has disconnected", flush=True)
        else:
            conn.sendall(data)

while True:
    conn, _ = listener.accept()
    threading.Thread(target=serve, args=(conn,), daemon=True).start()
