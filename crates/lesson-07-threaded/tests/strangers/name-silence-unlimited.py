# Names, threads; half a fix: the deadline is looked at when a byte has come, and nothing limits the wait for it.
import socket, sys, threading, time
def welcome(conn):
    with conn:
        deadline = time.monotonic() + 0.3
        name = b""
        while not name.endswith(b"\n"):
            data = conn.recv(64)
            if not data or len(name) > 255 or time.monotonic() > deadline:
                return
            name += data
        conn.sendall(b"welcome\n")
listener = socket.create_server((sys.argv[1], int(sys.argv[2])), backlog=128)
while True:
    conn, _ = listener.accept()
    threading.Thread(target=welcome, args=(conn,), daemon=True).start()
