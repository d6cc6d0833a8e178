# Mistake: the time limit is for the whole connection, also if the client is not silent.
import socket, sys, threading, time

limit = float(sys.argv[3])


def echo(conn):
    end = time.monotonic() + limit
    with conn:
        try:
            while True:
                conn.settimeout(max(0.001, end - time.monotonic()))
                data = conn.recv(4096)
                if not data:
                    break
                conn.sendall(data)
        except OSError as error:
            print("connection closed:", error, file=sys.stderr)


listener = socket.create_server((sys.argv[1], int(sys.argv[2])))
while True:
    threading.Thread(target=echo, args=(listener.accept()[0],), daemon=True).start()
