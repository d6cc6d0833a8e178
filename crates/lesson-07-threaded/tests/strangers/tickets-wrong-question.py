# Tickets, threads; the mistake: the question counts those who were asked, and not those who bought.
import itertools, socket, sys, threading
asked, sold, lock = itertools.count(), 0, threading.Lock()
def sell(conn):
    global sold
    with conn, conn.makefile("rb") as lines:
        conn.sendall(b"%d sold, one more?\n" % next(asked))
        if lines.readline(64) == b"yes\n":
            with lock:
                sold += 1
                ticket = sold
            conn.sendall(b"ticket %d\n" % ticket)
listener = socket.create_server((sys.argv[1], int(sys.argv[2])))
while True:
    conn, _ = listener.accept()
    threading.Thread(target=sell, args=(conn,), daemon=True).start()
