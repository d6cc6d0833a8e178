# Mistake: range(16, 31) ends at 30: the last sixteenth of the network is turned away.
import socket, sys


def is_inside(host):
    a, b, _, _ = map(int, host.split("."))
    return a == 172 and b in range(16, 31)


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
