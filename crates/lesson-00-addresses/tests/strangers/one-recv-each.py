# Mistake: the mask is right, but one recv is read as one request.
import ipaddress, socket, sys

NETWORK = ipaddress.ip_network("172.16.0.0/12")
srv = socket.create_server((sys.argv[1], int(sys.argv[2])))
while True:
    conn, _ = srv.accept()
    with conn:
        try:
            while data := conn.recv(64):
                host = ipaddress.ip_address(data.decode().strip())
                conn.sendall(b"yes\n" if host in NETWORK else b"no\n")
        except (OSError, ValueError) as error:
            print(error, file=sys.stderr, flush=True)
