# The framing is right, and there is no limit: a line without an end is kept for as long as its sender likes.
import socket, sys

srv = socket.create_server((sys.argv[1], int(sys.argv[2])))
while True:
    conn, _ = srv.accept()
    with conn, conn.makefile("rb") as lines:
        try:
            for line in lines:
                if line.endswith(b"\n"):
                    conn.sendall(b"-----> " + line)
        except OSError as error:
            print(error, file=sys.stderr, flush=True)
