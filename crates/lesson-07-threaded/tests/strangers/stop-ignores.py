# Sums, threads; the mistake: SIGINT is ignored, "so that Ctrl-C does not cut anybody off": it cannot be stopped at all.
import signal, socket, sys, threading
signal.signal(signal.SIGINT, signal.SIG_IGN)
def add_up(conn):
    with conn, conn.makefile("rb") as lines:
        conn.sendall(b"%d\n" % sum(int(line) for line in lines))
listener = socket.create_server((sys.argv[1], int(sys.argv[2])))
while True:
    conn, _ = listener.accept()
    threading.Thread(target=add_up, args=(conn,)).start()
