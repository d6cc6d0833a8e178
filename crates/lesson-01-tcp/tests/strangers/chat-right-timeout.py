# Right: whoever does not take a message within half a second is dropped.
import socket, sys, threading

members, lock = [], threading.Lock()

def drop(member):
    members.remove(member)
    try:
        member.shutdown(socket.SHUT_RDWR)
    except OSError:
        pass

def serve(conn):
    while True:
        try:
            data = conn.recv(1 << 16)
        except socket.timeout:
            continue
        except OSError:
            data = b""
        with lock:
            if not data:
                if conn in members:
                    drop(conn)
                break
            for member in list(members):
                try:
                    member.sendall(data)
                except OSError:
                    drop(member)
    conn.close()

listener = socket.create_server((sys.argv[1], int(sys.argv[2])))
while True:
    conn, _ = listener.accept()
    conn.settimeout(0.5)
    with lock:
        members.append(conn)
    threading.Thread(target=serve, args=(conn,), daemon=True).start()
