# Mistake: gives the four answers of the chapter, whatever was asked.
import itertools, socket, sys

srv = socket.create_server((sys.argv[1], int(sys.argv[2])))
while True:
    conn, _ = srv.accept()
    answers = itertools.cycle([b"yes\n", b"yes\n", b"no\n", b"no\n"])
    with conn, conn.makefile("rb") as lines:
        for line in lines:
            conn.sendall(next(answers))
