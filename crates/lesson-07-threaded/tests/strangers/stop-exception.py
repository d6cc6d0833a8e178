# Sums, threads, right: the handler raises only while accept is waited for, and the threads are waited for.
import signal, socket, sys, threading
class Stop(Exception):
    pass
running, accepting = True, False
def stop(*_):
    global running
    running = False
    if accepting:
        raise Stop
def add_up(conn):
    try:
        with conn, conn.makefile("rb") as lines:
            conn.settimeout(60)
            conn.sendall(b"%d\n" % sum(int(line) for line in lines))
    except (OSError, ValueError) as error:
        print(error, file=sys.stderr)
listener = socket.create_server((sys.argv[1], int(sys.argv[2])), backlog=128)
signal.signal(signal.SIGINT, stop)
try:
    while running:
        accepting = True
        conn, _ = listener.accept()
        accepting = False
        threading.Thread(target=add_up, args=(conn,)).start()
except Stop:
    pass
listener.close()
