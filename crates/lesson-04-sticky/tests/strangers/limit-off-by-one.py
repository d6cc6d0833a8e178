# Mistake: the newline is counted as a part of the message, so one of 1024 bytes is refused.
import socket, sys

srv = socket.create_server((sys.argv[1], int(sys.argv[2])))
while True:
    conn, _ = srv.accept()
    with conn, conn.makefile("rb") as lines:
        try:
            while (line := lines.readline(1024)).endswith(b"\n"):
                conn.sendall(b"-----> " + line)
        except OSError as error:
            print(error, file=sys.stderr, flush=True)
