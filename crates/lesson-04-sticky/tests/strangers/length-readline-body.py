# Mistake: one reader, but readline for the message: one with a newline in it is cut there.
import socket, sys

srv = socket.create_server((sys.argv[1], int(sys.argv[2])))
while True:
    conn, _ = srv.accept()
    with conn, conn.makefile("rb") as lines:
        try:
            while line := lines.readline(5):
                message = lines.readline(int(line)).rstrip(b"\n")
                conn.sendall(b"-----> " + message + b"\n")
        except (OSError, ValueError) as error:
            print(error, file=sys.stderr, flush=True)
