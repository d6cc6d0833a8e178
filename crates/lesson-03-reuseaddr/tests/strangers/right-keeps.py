# Right: SO_REUSEADDR before bind; a thread for each client, which greets and then waits until the client has left.
import socket, sys, threading


def greet(conn):
    with conn:
        try:
            if conn.recv(6, socket.MSG_WAITALL) == b"hello!":
                conn.sendall(b"hi")
                while conn.recv(1024):
                    pass
        except OSError as error:
            print(error, file=sys.stderr, flush=True)


srv = socket.create_server((sys.argv[1], int(sys.argv[2])))
while True:
    threading.Thread(target=greet, args=(srv.accept()[0],), daemon=True).start()
