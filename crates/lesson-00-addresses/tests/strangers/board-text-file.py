# Mistake: a text file for reading and writing: in Python a write throws away what was read ahead, the next requests.
import socket, sys, threading

lock, board = threading.Lock(), "welcome"


def serve(conn, client):
    global board
    try:
        with conn, conn.makefile("rw", encoding="utf-8", newline="\n") as stream:
            for line in stream:
                verb, _, text = line.rstrip("\n").partition(" ")
                with lock:
                    if verb == "read":
                        reply = board
                    elif client == "127.0.0.1":
                        reply = "blocked"
                    else:
                        board, reply = text, "written"
                stream.write(reply + "\n")
                stream.flush()
    except (OSError, ValueError) as error:
        print(client, error, file=sys.stderr, flush=True)


srv = socket.create_server(("", int(sys.argv[2])), family=socket.AF_INET6, dualstack_ipv6=True)
while True:
    conn, addr = srv.accept()
    client = addr[0][7:] if addr[0].startswith("::ffff:") else addr[0]
    threading.Thread(target=serve, args=(conn, client), daemon=True).start()
