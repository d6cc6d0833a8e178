# Mistake: sendall to each member without a deadline, under a lock: one who does not read makes everybody wait.
import socket, sys, threading

members, lock = [], threading.Lock()

def serve(conn):
    try:
        while data := conn.recv(1 << 16):
            with lock:
                for member in members:
                    member.sendall(data)
    except OSError:
        pass
    with lock:
        members.remove(conn)
    conn.close()

listener = socket.create_server((sys.argv[1], int(sys.argv[2])))
while True:
    conn, _ = listener.accept()
    with lock:
        members.append(conn)
    threading.Thread(target=serve, args=(conn,), daemon=True).start()
