# Mistake: compares addresses as text, in which 172.2 lies between 172.16 and 172.31.
import socket, sys


def is_inside(host):
    return "172.16.0.0" <= host <= "172.31.255.255"


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
