# Tickets, right: a process for each client, and the count is in memory that they share, under a lock of processes.
import multiprocessing, os, signal, socket, sys
signal.signal(signal.SIGCHLD, signal.SIG_IGN)
sold = multiprocessing.Value("l", 0)
def sell(conn):
    conn.settimeout(60)
    conn.sendall(b"%d sold, one more?\n" % sold.value)
    if conn.makefile("rb").readline(64) == b"yes\n":
        with sold.get_lock():
            sold.value += 1
            ticket = sold.value
        conn.sendall(b"ticket %d\n" % ticket)
listener = socket.create_server((sys.argv[1], int(sys.argv[2])), backlog=128)
while True:
    conn, _ = listener.accept()
    with conn:
        if os.fork() == 0:
            try:
                sell(conn)
                conn.close()
            finally:
                os._exit(0)
