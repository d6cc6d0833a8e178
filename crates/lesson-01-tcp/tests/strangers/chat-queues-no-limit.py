# Mistake: a half cure: a thread and a queue for each member, and the queue has no limit.
import queue, socket, sys, threading

members, lock = {}, threading.Lock()

def write(conn, box):
    try:
        while True:
            conn.sendall(box.get())
    except OSError:
        pass

def read(conn):
    try:
        while data := conn.recv(1 << 16):
            with lock:
                for box in members.values():
                    box.put(data)
    except OSError:
        pass
    with lock:
        del members[conn]
    conn.close()

listener = socket.create_server((sys.argv[1], int(sys.argv[2])))
while True:
    conn, _ = listener.accept()
    with lock:
        members[conn] = queue.Queue()
    threading.Thread(target=write, args=(conn, members[conn]), daemon=True).start()
    threading.Thread(target=read, args=(conn,), daemon=True).start()
