# Names, threads; half a fix: there is one deadline, but it is looked at only when a recv has timed out.
import socket, sys, threading, time
def welcome(conn):
    with conn:
        deadline = time.monotonic() + 0.3
        conn.settimeout(0.3)
        name = b""
        while not name.endswith(b"\n"):
            try:
                data = conn.recv(64)
            except socket.timeout:
                if time.monotonic() > deadline:
                    return
                continue
            if not data or len(name) > 255:
                return
            name += data
        conn.sendall(b"welcome\n")
listener = socket.create_server((sys.argv[1], int(sys.argv[2])), backlog=128)
while True:
    conn, _ = listener.accept()
    threading.Thread(target=welcome, args=(conn,), daemon=True).start()
