# Mistake: one variable for the connection of all threads: an answer goes to whoever came last.
import socket, sys, threading

listener = socket.create_server((sys.argv[1], int(sys.argv[2])))

def serve(mine):
    try:
        while True:
            data = mine.recv(1024)
            if not data:
                break
            conn.sendall(data)
    except OSError:
        pass
    mine.close()

while True:
    conn, _ = listener.accept()
    threading.Thread(target=serve, args=(conn,), daemon=True).start()
