# Right: create_server with dualstack_ipv6, a thread for each client, and the prefix taken off once, at accept.
import socket, sys, threading

lock, board = threading.Lock(), "welcome"


def serve(conn, client):
    global board
    try:
        with conn, conn.makefile("rb") as lines:
            for line in lines:
                verb, _, text = line.decode().rstrip("\n").partition(" ")
                with lock:
                    if verb == "read":
                        reply = board
                    elif client == "127.0.0.1":
                        reply = "blocked"
                    else:
                        board, reply = text, "written"
                conn.sendall(f"{reply}\n".encode())
    except (OSError, ValueError) as error:
        print(client, error, file=sys.stderr, flush=True)


srv = socket.create_server(("", int(sys.argv[2])), family=socket.AF_INET6, dualstack_ipv6=True)
while True:
    conn, addr = srv.accept()
    client = addr[0][7:] if addr[0].startswith("::ffff:") else addr[0]
    threading.Thread(target=serve, args=(conn, client), daemon=True).start()
