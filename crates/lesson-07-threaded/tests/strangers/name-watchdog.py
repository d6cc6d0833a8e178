# Names, threads, right: a timer beside the reader shuts the connection down when the time is over.
import socket, sys, threading, time
def stop(conn):
    try:
        conn.shutdown(socket.SHUT_RDWR)
    except OSError:
        pass
def welcome(conn):
    timer = threading.Timer(0.3, stop, (conn,))
    timer.start()
    try:
        with conn, conn.makefile("rb") as lines:
            if lines.readline(256).endswith(b"\n"):
                conn.sendall(b"welcome\n")
    except OSError as error:
        print(error, file=sys.stderr)
    finally:
        timer.cancel()
listener = socket.create_server((sys.argv[1], int(sys.argv[2])), backlog=128)
while True:
    try:
        conn, _ = listener.accept()
        threading.Thread(target=welcome, args=(conn,), daemon=True).start()
    except (OSError, RuntimeError) as error:
        print(error, file=sys.stderr)
        time.sleep(0.1)
