# Mistake, half a cure: the length is looked at when the whole line is there.
import socket, sys

srv = socket.create_server((sys.argv[1], int(sys.argv[2])))
while True:
    conn, _ = srv.accept()
    with conn, conn.makefile("rb") as lines:
        try:
            while line := lines.readline():
                if len(line) > 1025:
                    break
                conn.sendall(b"-----> " + line)
        except OSError as error:
            print(error, file=sys.stderr, flush=True)
