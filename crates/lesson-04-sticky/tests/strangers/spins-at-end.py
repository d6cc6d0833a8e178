# Mistake: the empty read is not looked at: after its client has left, the loop never sleeps again.
import socket, sys, threading


def serve(conn):
    kept = b""
    while True:
        kept += conn.recv(1024)
        while b"\n" in kept:
            message, kept = kept.split(b"\n", 1)
            conn.sendall(b"-----> " + message + b"\n")


srv = socket.create_server((sys.argv[1], int(sys.argv[2])))
while True:
    threading.Thread(target=serve, args=(srv.accept()[0],), daemon=True).start()
