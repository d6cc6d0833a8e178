# Mistake: keeps an answer back until there are two, to save a send; a client that waits for the first waits for ever.
import socket, sys

srv = socket.create_server((sys.argv[1], int(sys.argv[2])))
while True:
    conn, _ = srv.accept()
    answers = []
    try:
        with conn, conn.makefile("rb") as stream:
            while line := stream.readline(5):
                answers.append(b"-----> " + stream.read(int(line)) + b"\n")
                if len(answers) == 2:
                    conn.sendall(b"".join(answers))
                    answers.clear()
            conn.sendall(b"".join(answers))
    except (OSError, ValueError) as error:
        print(error, file=sys.stderr, flush=True)
