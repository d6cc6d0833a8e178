# Mistake: what is left over is kept for the next recv, but for all clients together.
import socket, sys

rest = b""
srv = socket.create_server((sys.argv[1], int(sys.argv[2])))
while True:
    conn, _ = srv.accept()
    with conn:
        try:
            while data := conn.recv(1024):
                *messages, rest = (rest + data).split(b"\n")
                for message in messages:
                    conn.sendall(b"-----> " + message + b"\n")
        except OSError as error:
            print("closed:", error, flush=True)
