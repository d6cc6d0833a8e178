# Mistake: every address that begins with 172. is let in.
import socket, sys


def is_inside(host):
    return host.startswith("172.")


host, port = sys.argv[1], int(sys.argv[2])
srv = socket.create_server((host, port))
while True:
    conn, _ = srv.accept()
    with conn, conn.makefile("r", encoding="ascii", newline="\n") as lines:
        try:
            for line in lines:
                conn.sendall(b"yes\n" if is_inside(line.strip()) else b"no\n")
        except (OSError, ValueError) as error:
            print(error, file=sys.stderr, flush=True)
