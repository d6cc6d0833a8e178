# Tickets, threads, right: counted once, after the answer, under a lock that nobody waits with.
import socket, sys, threading, time
sold, lock = 0, threading.Lock()
def sell(conn):
    global sold
    try:
        with conn, conn.makefile("rb") as lines:
            conn.settimeout(60)
            conn.sendall(b"%d sold, one more?\n" % sold)
            if lines.readline(64) == b"yes\n":
                with lock:
                    sold += 1
                    ticket = sold
                conn.sendall(b"ticket %d\n" % ticket)
    except OSError as error:
        print(error, file=sys.stderr)
listener = socket.create_server((sys.argv[1], int(sys.argv[2])), backlog=128)
while True:
    try:
        conn, _ = listener.accept()
        threading.Thread(target=sell, args=(conn,), daemon=True).start()
    except (OSError, RuntimeError) as error:
        print(error, file=sys.stderr)
        time.sleep(0.1)
