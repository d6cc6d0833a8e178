# Mistake: the framing is right, but non-blocking sockets are asked again and again without select: a processor is never idle.
import socket, sys

srv = socket.create_server((sys.argv[1], int(sys.argv[2])))
srv.setblocking(False)
clients = {}
while True:
    try:
        conn, _ = srv.accept()
        conn.setblocking(False)
        clients[conn] = b""
    except BlockingIOError:
        pass
    for conn in list(clients):
        try:
            data = conn.recv(1024)
        except BlockingIOError:
            continue
        except OSError:
            data = b""
        if not data:
            conn.close()
            del clients[conn]
            continue
        *messages, clients[conn] = (clients[conn] + data).split(b"\n")
        for message in messages:
            conn.sendall(b"-----> " + message + b"\n")
