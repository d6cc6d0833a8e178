# Mistake: a member is removed from the list that is being walked through: the one behind it misses a message.
import socket, sys, threading

members, lock = [], threading.Lock()

def serve(conn):
    while True:
        try:
            data = conn.recv(1 << 16)
        except socket.timeout:
            continue
        except OSError:
            data = b""
        if not data:
            break
        with lock:
            for member in members:
                try:
                    member.sendall(data)
                except OSError:
                    members.remove(member)
                    member.shutdown(socket.SHUT_RDWR)
    with lock:
        if conn in members:
            members.remove(conn)
    conn.close()

listener = socket.create_server((sys.argv[1], int(sys.argv[2])))
while True:
    conn, _ = listener.accept()
    conn.settimeout(0.5)
    with lock:
        members.append(conn)
    threading.Thread(target=serve, args=(conn,), daemon=True).start()
