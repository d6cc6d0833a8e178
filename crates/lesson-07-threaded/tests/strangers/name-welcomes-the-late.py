# Names, threads; half a fix: one deadline, and when it is over, whoever is there is welcome with half a name.
import socket, sys, threading, time
def welcome(conn):
    with conn:
        deadline = time.monotonic() + 0.3
        name = b""
        try:
            while not name.endswith(b"\n"):
                conn.settimeout(max(deadline - time.monotonic(), 0.001))
                name += conn.recv(64) or b"\n"
                if time.monotonic() > deadline:
                    break
        except socket.timeout:
            pass
        conn.sendall(b"welcome\n")
listener = socket.create_server((sys.argv[1], int(sys.argv[2])), backlog=128)
while True:
    conn, _ = listener.accept()
    threading.Thread(target=welcome, args=(conn,), daemon=True).start()
