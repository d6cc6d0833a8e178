# Names, threads; the mistake: settimeout is the limit of one recv, so every byte begins a new wait.
import socket, sys, threading
def welcome(conn):
    with conn:
        conn.settimeout(0.3)
        name = b""
        while not name.endswith(b"\n"):
            data = conn.recv(1)
            if not data or len(name) > 255:
                return
            name += data
        conn.sendall(b"welcome\n")
listener = socket.create_server((sys.argv[1], int(sys.argv[2])), backlog=128)
while True:
    conn, _ = listener.accept()
    threading.Thread(target=welcome, args=(conn,), daemon=True).start()
