# Mistake: at the deadline it is the writer who is dropped, not the member who does not read.
import socket, sys, threading

members, lock = [], threading.Lock()

def serve(conn):
    conn.settimeout(0.5)
    try:
        while True:
            try:
                data = conn.recv(1 << 16)
            except socket.timeout:
                continue
            if not data:
                break
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
