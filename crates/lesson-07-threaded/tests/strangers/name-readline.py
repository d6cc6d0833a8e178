# Names, threads; the mistake: settimeout and then readline of a makefile, which has such a loop inside.
import socket, sys, threading
def welcome(conn):
    with conn, conn.makefile("rb") as lines:
        conn.settimeout(0.3)
        if lines.readline(256).endswith(b"\n"):
            conn.sendall(b"welcome\n")
listener = socket.create_server((sys.argv[1], int(sys.argv[2])), backlog=128)
while True:
    conn, _ = listener.accept()
    threading.Thread(target=welcome, args=(conn,), daemon=True).start()
