# Tickets, threads; the mistake: whatever is answered, and even the end of the stream, buys a ticket.
import socket, sys, threading
sold, lock = 0, threading.Lock()
def sell(conn):
    global sold
    with conn, conn.makefile("rb") as lines:
        conn.sendall(b"%d sold, one more?\n" % sold)
        lines.readline(64)
        with lock:
            sold += 1
            ticket = sold
        conn.sendall(b"ticket %d\n" % ticket)
listener = socket.create_server((sys.argv[1], int(sys.argv[2])))
while True:
    conn, _ = listener.accept()
    threading.Thread(target=sell, args=(conn,), daemon=True).start()
