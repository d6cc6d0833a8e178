# Names, one client after the other; the mistake: the timeout is an exception that nobody catches, and it ends the server.
import socket, sys, time
listener = socket.create_server((sys.argv[1], int(sys.argv[2])), backlog=128)
while True:
    conn, _ = listener.accept()
    with conn:
        deadline = time.monotonic() + 0.3
        name = b""
        while not name.endswith(b"\n"):
            conn.settimeout(max(deadline - time.monotonic(), 0.001))
            name += conn.recv(64)
        conn.sendall(b"welcome\n")
