# Mistake: the limit is right, but the answers stay in the buffer of the file until the connection is closed.
import socket, sys

srv = socket.create_server((sys.argv[1], int(sys.argv[2])))
while True:
    conn, _ = srv.accept()
    try:
        with conn, conn.makefile("rwb") as stream:
            while (line := stream.readline(1025)).endswith(b"\n"):
                stream.write(b"-----> " + line)
    except OSError as error:
        print(error, file=sys.stderr, flush=True)
