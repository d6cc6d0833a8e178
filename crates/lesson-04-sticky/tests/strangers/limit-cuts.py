# Mistake, half a cure: readline with a limit, and each full piece of an endless line is read as a message.
import socket, sys

srv = socket.create_server((sys.argv[1], int(sys.argv[2])))
while True:
    conn, _ = srv.accept()
    with conn, conn.makefile("rb") as lines:
        try:
            while line := lines.readline(1025):
                conn.sendall(b"-----> " + line.rstrip(b"\n") + b"\n")
        except OSError as error:
            print(error, file=sys.stderr, flush=True)
