# Mistake: knows "read" by its four letters and answers before the newline has come; the address is known again.
import socket, sys

board = "welcome"
srv = socket.create_server(("", int(sys.argv[2])), family=socket.AF_INET6, dualstack_ipv6=True)
while True:
    conn, addr = srv.accept()
    kept = ""
    try:
        with conn:
            while data := conn.recv(1024):
                kept += data.decode()
                while True:
                    kept = kept.lstrip("\n")
                    if kept.startswith("read"):
                        kept, reply = kept[4:], board
                    elif kept.startswith("write ") and "\n" in kept:
                        text, kept = kept[6:].split("\n", 1)
                        if addr[0] == "::ffff:127.0.0.1":
                            reply = "blocked"
                        else:
                            board, reply = text, "written"
                    else:
                        break
                    conn.sendall(f"{reply}\n".encode())
    except (OSError, ValueError) as error:
        print(addr, error, file=sys.stderr, flush=True)
