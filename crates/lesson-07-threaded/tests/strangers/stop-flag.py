# Sums, threads; the mistake: the handler sets a flag, and accept is simply begun anew after the signal (PEP 475).
import signal, socket, sys, threading
running = True
def stop(*_):
    global running
    running = False
signal.signal(signal.SIGINT, stop)
def add_up(conn):
    with conn, conn.makefile("rb") as lines:
        conn.sendall(b"%d\n" % sum(int(line) for line in lines))
listener = socket.create_server((sys.argv[1], int(sys.argv[2])))
threads = []
while running:
    conn, _ = listener.accept()
    threads.append(threading.Thread(target=add_up, args=(conn,)))
    threads[-1].start()
for thread in threads:
    thread.join()
