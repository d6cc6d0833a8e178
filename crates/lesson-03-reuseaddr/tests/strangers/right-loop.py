# Right: create_server, which sets SO_REUSEADDR on POSIX; greets one client after the other and keeps running.
import socket, sys

srv = socket.create_server((sys.argv[1], int(sys.argv[2])))
while True:
    conn, addr = srv.accept()
    with conn:
        try:
            conn.settimeout(5)
            if conn.makefile("rb").read(6) == b"hello!":
                conn.sendall(b"hi")
        except OSError as error:
            print(addr, error, file=sys.stderr, flush=True)
