# Mistake: a limit whose violation ends the whole server.
import socket, sys

srv = socket.create_server((sys.argv[1], int(sys.argv[2])))
while True:
    conn, _ = srv.accept()
    with conn:
        kept = b""
        while data := conn.recv(4096):
            *messages, kept = (kept + data).split(b"\n")
            for message in messages:
                conn.sendall(b"-----> " + message + b"\n")
            if len(kept) > 1024:
                sys.exit("a message is too long")
