# Mistake: the second one is refused, swallows the error and ends with status 0: nobody learns that it is not running.
import socket, sys

try:
    srv = socket.create_server((sys.argv[1], int(sys.argv[2])))
except OSError:
    sys.exit(0)
number = 0
while True:
    conn, _ = srv.accept()
    number += 1
    with conn:
        conn.recv(6, socket.MSG_WAITALL)
        conn.sendall(f"hi {number}".encode())
