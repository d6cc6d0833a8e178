# Tickets, threads; the mistake: the number that was read for the question is written back after the answer.
import socket, sys, threading
sold = 0
def sell(conn):
    global sold
    with conn, conn.makefile("rb") as lines:
        before = sold
        conn.sendall(b"%d sold, one more?\n" % before)
        if lines.readline(64) == b"yes\n":
            sold = before + 1
            conn.sendall(b"ticket %d\n" % sold)
listener = socket.create_server((sys.argv[1], int(sys.argv[2])))
while True:
    conn, _ = listener.accept()
    threading.Thread(target=sell, args=(conn,), daemon=True).start()
