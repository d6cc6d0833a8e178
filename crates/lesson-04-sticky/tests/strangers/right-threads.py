# Right: a thread for each client, and a deadline for a client that says nothing. Argument 3: the limit.
import socket, sys, threading

LIMIT = int(sys.argv[3]) if len(sys.argv) > 3 else 1024


def serve(conn):
    conn.settimeout(30)
    kept = bytearray()
    with conn:
        try:
            while data := conn.recv(1000):
                kept += data
                while (end := kept.find(b"\n")) >= 0:
                    if end > LIMIT:
                        return
                    conn.sendall(b"-----> " + kept[: end + 1])
                    del kept[: end + 1]
                if len(kept) > LIMIT:
                    return
        except OSError:
            pass


srv = socket.create_server((sys.argv[1], int(sys.argv[2])), backlog=128)
while True:
    threading.Thread(target=serve, args=(srv.accept()[0],), daemon=True).start()
