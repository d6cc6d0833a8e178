# Mistake: passes the bytes of a message on as they come; a client is answered before its message is whole.
import socket, sys

srv = socket.create_server((sys.argv[1], int(sys.argv[2])))
while True:
    conn, _ = srv.accept()
    try:
        with conn, conn.makefile("rb") as stream:
            while line := stream.readline(5):
                left = int(line)
                conn.sendall(b"-----> ")
                while left and (piece := stream.read1(left)):
                    conn.sendall(piece)
                    left -= len(piece)
                conn.sendall(b"\n")
    except (OSError, ValueError) as error:
        print(error, file=sys.stderr, flush=True)
