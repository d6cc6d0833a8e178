# Tickets, threads; the wrong fix: the ticket is counted with the question, so whoever says no has bought one too.
import itertools, socket, sys, threading
tickets = itertools.count()
def sell(conn):
    with conn, conn.makefile("rb") as lines:
        before = next(tickets)
        conn.sendall(b"%d sold, one more?\n" % before)
        if lines.readline(64) == b"yes\n":
            conn.sendall(b"ticket %d\n" % (before + 1))
listener = socket.create_server((sys.argv[1], int(sys.argv[2])))
while True:
    conn, _ = listener.accept()
    threading.Thread(target=sell, args=(conn,), daemon=True).start()
