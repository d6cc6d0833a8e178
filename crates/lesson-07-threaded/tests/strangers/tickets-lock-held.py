# Tickets, threads; the wrong fix: the lock is held from the question to the answer, and nobody else is even asked.
import socket, sys, threading
sold, lock = 0, threading.Lock()
def sell(conn):
    global sold
    with conn, conn.makefile("rb") as lines, lock:
        conn.sendall(b"%d sold, one more?\n" % sold)
        if lines.readline(64) == b"yes\n":
            sold += 1
            conn.sendall(b"ticket %d\n" % sold)
listener = socket.create_server((sys.argv[1], int(sys.argv[2])))
while True:
    conn, _ = listener.accept()
    threading.Thread(target=sell, args=(conn,), daemon=True).start()
