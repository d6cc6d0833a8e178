# Right, another way: ends its stream and waits until the client has taken everything and closed. A thread for each client.
import socket, sys, threading


def greet(conn):
    with conn:
        try:
            conn.recv(6, socket.MSG_WAITALL)
            conn.sendall(b"hi" * 50_000)
            conn.shutdown(socket.SHUT_WR)
            while conn.recv(1024):
                pass
        except OSError as error:
            print(error, file=sys.stderr, flush=True)


srv = socket.create_server((sys.argv[1], int(sys.argv[2])))
while True:
    threading.Thread(target=greet, args=(srv.accept()[0],), daemon=True).start()
