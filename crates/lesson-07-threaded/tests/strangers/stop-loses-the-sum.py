# Sums, threads; the mistake: daemon threads and KeyboardInterrupt: the server ends at once, and the sum is lost.
import socket, sys, threading
def add_up(conn):
    with conn, conn.makefile("rb") as lines:
        conn.sendall(b"%d\n" % sum(int(line) for line in lines))
listener = socket.create_server((sys.argv[1], int(sys.argv[2])))
try:
    while True:
        conn, _ = listener.accept()
        threading.Thread(target=add_up, args=(conn,), daemon=True).start()
except KeyboardInterrupt:
    sys.exit(0)
