# Names, threads; the mistake: no limit of time at all.
import socket, sys, threading
def welcome(conn):
    with conn, conn.makefile("rb") as lines:
        if lines.readline(256).endswith(b"\n"):
            conn.sendall(b"welcome\n")
listener = socket.create_server((sys.argv[1], int(sys.argv[2])), backlog=128)
while True:
    conn, _ = listener.accept()
    threading.Thread(target=welcome, args=(conn,), daemon=True).start()
