# Mistake: knows the address again and says "blocked", but has written by then.
import socket, sys

board = "welcome"
srv = socket.create_server(("", int(sys.argv[2])), family=socket.AF_INET6, dualstack_ipv6=True)
while True:
    conn, addr = srv.accept()
    try:
        with conn, conn.makefile("rb") as lines:
            for line in lines:
                verb, _, text = line.decode().rstrip("\n").partition(" ")
                reply = board
                if verb == "write":
                    board = text
                    reply = "blocked" if addr[0].rpartition(":")[2] == "127.0.0.1" else "written"
                conn.sendall(f"{reply}\n".encode())
    except (OSError, ValueError) as error:
        print(addr, error, file=sys.stderr, flush=True)
