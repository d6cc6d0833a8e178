# Mistake: a line that is too long bans the whole host, on which other clients may be.
import socket, sys

banned = set()
srv = socket.create_server((sys.argv[1], int(sys.argv[2])))
while True:
    conn, (host, _) = srv.accept()
    try:
        if host in banned:
            while conn.recv(4096):
                pass
            conn.close()
            continue
        with conn, conn.makefile("rb") as lines:
            while (line := lines.readline(1025)).endswith(b"\n"):
                conn.sendall(b"-----> " + line)
            if len(line) > 1024:
                banned.add(host)
    except OSError as error:
        print(error, file=sys.stderr, flush=True)
