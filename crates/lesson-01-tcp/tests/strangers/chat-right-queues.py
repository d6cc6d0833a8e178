# Right: another cure: a queue with a limit and a writing thread for each member; whose queue is full is dropped. No deadline.
import queue, socket, sys, threading

members, lock = {}, threading.Lock()

def drop(conn):
    box = members.pop(conn, None)
    if box is not None:
        try:
            conn.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass

def write(conn, box):
    try:
        while True:
            conn.sendall(box.get())
    except OSError:
        with lock:
            drop(conn)

def read(conn):
    try:
        while data := conn.recv(1 << 16):
            with lock:
                for member, box in list(members.items()):
                    try:
                        box.put_nowait(data)
                    except queue.Full:
                        drop(member)
    except OSError:
        pass
    with lock:
        drop(conn)

listener = socket.create_server((sys.argv[1], int(sys.argv[2])))
while True:
    conn, _ = listener.accept()
    with lock:
        members[conn] = queue.Queue(64)
    threading.Thread(target=write, args=(conn, members[conn]), daemon=True).start()
    threading.Thread(target=read, args=(conn,), daemon=True).start()
