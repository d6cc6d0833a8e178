# Mistake: knows the address again, but one recv is read as one request.
import socket, sys

board = "welcome"
srv = socket.create_server(("", int(sys.argv[2])), family=socket.AF_INET6, dualstack_ipv6=True)
while True:
    conn, addr = srv.accept()
    try:
        with conn:
            while data := conn.recv(1024):
                verb, _, text = data.decode().strip().partition(" ")
                if verb == "read":
                    reply = board
                elif addr[0] == "::ffff:127.0.0.1":
                    reply = "blocked"
                else:
                    board, reply = text, "written"
                conn.sendall(f"{reply}\n".encode())
    except (OSError, ValueError) as error:
        print(addr, error, file=sys.stderr, flush=True)
