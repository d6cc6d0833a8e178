# Right: ipaddress knows masks; one client after the other.
import ipaddress, socket, sys


NETWORK = ipaddress.ip_network("172.16.0.0/12")


def is_inside(host):
    return ipaddress.ip_address(host) in NETWORK


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
