# Tickets, threads, wrong: sells at the word and does not wait for its newline, so "yes" may still become "yesterday".
import socket, sys, threading, time
sold, lock = 0, threading.Lock()
def sell(conn):
    global sold
    try:
        with conn:
            conn.settimeout(60)
            conn.sendall(b"%d sold, one more?\n" % sold)
            answer = b""
            while len(answer) < 3:
                data = conn.recv(64)
                if not data:
                    return
                answer += data
            if answer.startswith(b"yes"):
                with lock:
                    sold += 1
                    ticket = sold
                conn.sendall(b"ticket %d\n" % ticket)
                while not answer.endswith(b"\n"):
                    answer += conn.recv(64) or b"\n"
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
