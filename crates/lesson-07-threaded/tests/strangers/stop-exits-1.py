# Sums, threads; half a fix: the sums are awaited, and then the server ends as after an error, with status 1.
import socket, sys, threading
def add_up(conn):
    with conn, conn.makefile("rb") as lines:
        conn.sendall(b"%d\n" % sum(int(line) for line in lines))
listener = socket.create_server((sys.argv[1], int(sys.argv[2])))
try:
    while True:
        conn, _ = listener.accept()
        threading.Thread(target=add_up, args=(conn,)).start()
except KeyboardInterrupt:
    sys.exit("stopped")
