# Sums; the mistake: they are kept in 32 bits.
import signal, socket, sys, threading
stopped = threading.Event()
signal.signal(signal.SIGINT, lambda *_: stopped.set())
def add_up(conn):
    try:
        with conn:
            conn.settimeout(60)
            text = b""
            while data := conn.recv(4096):
                text += data
            conn.sendall(b"%d\n" % (sum(int(line) for line in text.split()) % 2**32))
    except (OSError, ValueError) as error:
        print(error, file=sys.stderr)
listener = socket.create_server((sys.argv[1], int(sys.argv[2])), backlog=128)
listener.settimeout(0.25)
threads = []
while not stopped.is_set():
    try:
        conn, _ = listener.accept()
    except socket.timeout:
        continue
    except OSError as error:
        print(error, file=sys.stderr)
        stopped.wait(0.1)
        continue
    threads = [thread for thread in threads if thread.is_alive()]
    threads.append(threading.Thread(target=add_up, args=(conn,)))
    threads[-1].start()
listener.close()
for thread in threads:
    thread.join()
