# Right: one file object for the life of the connection, and readline with a limit. Argument 3: the limit.
import socket, sys

LIMIT = int(sys.argv[3]) if len(sys.argv) > 3 else 1024

srv = socket.create_server((sys.argv[1], int(sys.argv[2])))
while True:
    conn, addr = srv.accept()
    try:
        with conn, conn.makefile("rb") as lines:
            while (line := lines.readline(LIMIT + 1)).endswith(b"\n"):
                print("----->", line[:-1].decode(errors="replace"), flush=True)
                conn.sendall(b"-----> " + line)
            if line:
                print(addr, "too long, or ended inside a message", file=sys.stderr, flush=True)
    except OSError as error:
        print(addr, error, file=sys.stderr, flush=True)
