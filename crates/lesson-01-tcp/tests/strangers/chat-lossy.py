# Mistake: non-blocking send, result not looked at: what finds no room is lost, in the middle of a message, and nobody is dropped.
import socket, sys, threading

members, lock = [], threading.Lock()

def serve(conn):
    try:
        while data := conn.recv(1 << 16):
            with lock:
                for member in members:
                    try:
                        member.send(data, socket.MSG_DONTWAIT)
                    except BlockingIOError:
                        pass
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
