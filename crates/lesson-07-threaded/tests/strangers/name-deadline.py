# Names, threads, right: one moment for the whole name, and each recv gets what is left until then.
import socket, sys, threading, time
def welcome(conn):
    deadline = time.monotonic() + 0.3
    try:
        with conn:
            name = b""
            while b"\n" not in name:
                left = deadline - time.monotonic()
                if left <= 0 or len(name) > 255:
                    return
                conn.settimeout(left)
                data = conn.recv(64)
                if not data:
                    return
                name += data
            conn.settimeout(0.3)
            conn.sendall(b"welcome\n")
    except OSError as error:
        print(error, file=sys.stderr)
listener = socket.create_server((sys.argv[1], int(sys.argv[2])), backlog=128)
while True:
    try:
        conn, _ = listener.accept()
        threading.Thread(target=welcome, args=(conn,), daemon=True).start()
    except (OSError, RuntimeError) as error:
        print(error, file=sys.stderr)
        time.sleep(0.1)
