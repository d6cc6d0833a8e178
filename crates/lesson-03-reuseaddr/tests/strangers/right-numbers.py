# Right: SO_REUSEADDR only; a second server is refused and says so.
import socket, sys

srv = socket.create_server((sys.argv[1], int(sys.argv[2])))
number = 0
while True:
    conn, addr = srv.accept()
    number += 1
    with conn:
        try:
            conn.recv(6, socket.MSG_WAITALL)
            conn.sendall(f"hi {number}".encode())
        except OSError as error:
            print(addr, error, file=sys.stderr, flush=True)
