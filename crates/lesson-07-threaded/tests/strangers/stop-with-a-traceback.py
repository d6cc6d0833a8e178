# Sums, threads; half a fix: the threads are no daemons, so the sum is answered, but Ctrl-C ends it with a traceback.
import socket, sys, threading
def add_up(conn):
    with conn, conn.makefile("rb") as lines:
        conn.sendall(b"%d\n" % sum(int(line) for line in lines))
listener = socket.create_server((sys.argv[1], int(sys.argv[2])))
while True:
    conn, _ = listener.accept()
    threading.Thread(target=add_up, args=(conn,)).start()
