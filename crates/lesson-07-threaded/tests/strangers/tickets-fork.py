# Tickets; the mistake: a process for each client, and each has a copy of the count of its own.
import os, signal, socket, sys
signal.signal(signal.SIGCHLD, signal.SIG_IGN)
sold = 0
listener = socket.create_server((sys.argv[1], int(sys.argv[2])))
while True:
    conn, _ = listener.accept()
    with conn:
        if os.fork() == 0:
            conn.sendall(b"%d sold, one more?\n" % sold)
            if conn.makefile("rb").readline(64) == b"yes\n":
                sold += 1
                conn.sendall(b"ticket %d\n" % sold)
            os._exit(0)
