# Mistake: non-blocking sockets without select: while a client says nothing its thread asks again and again.
import socket, sys, threading


def echo(conn):
    with conn:
        conn.setblocking(False)
        while True:
            try:
                data = conn.recv(4096)
            except BlockingIOError:
                continue
            except OSError:
                break
            if not data:
                break
            while data:
                try:
                    data = data[conn.send(data):]
                except BlockingIOError:
                    continue
                except OSError:
                    return


listener = socket.create_server((sys.argv[1], int(sys.argv[2])))
while True:
    threading.Thread(target=echo, args=(listener.accept()[0],), daemon=True).start()
