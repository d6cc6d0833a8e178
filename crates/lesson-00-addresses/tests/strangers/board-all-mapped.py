# Mistake, half a cure: blocks every IPv4 client of the IPv6 socket.
import socket, sys


def is_blocked(client):
    return client.startswith("::ffff:")


def listen(port):
    srv = socket.socket(socket.AF_INET6)
    srv.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    srv.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
    srv.bind(("::", port))
    srv.listen()
    return srv


def serve(conn, client):
    global board
    with conn, conn.makefile("rb") as lines:
        while (line := lines.readline(1025)).endswith(b"\n"):
            request = line[:-1].decode()
            if request == "read":
                reply = board
            elif not request.startswith("write "):
                return
            elif is_blocked(client):
                reply = "blocked"
            else:
                board, reply = request[6:], "written"
            conn.sendall(f"{reply}\n".encode())


board = "welcome"
srv = listen(int(sys.argv[2]))
while True:
    conn, addr = srv.accept()
    try:
        serve(conn, addr[0])
    except (OSError, ValueError) as error:
        print(addr, error, file=sys.stderr, flush=True)
