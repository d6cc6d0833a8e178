# Names, threads; the wrong fix: one recv has no second wait, but a name in two pieces is thrown out.
import socket, sys, threading
def welcome(conn):
    with conn:
        conn.settimeout(0.3)
        if conn.recv(256).endswith(b"\n"):
            conn.sendall(b"welcome\n")
listener = socket.create_server((sys.argv[1], int(sys.argv[2])), backlog=128)
while True:
    conn, _ = listener.accept()
    threading.Thread(target=welcome, args=(conn,), daemon=True).start()
