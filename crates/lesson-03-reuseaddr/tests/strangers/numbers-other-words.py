# The second one is refused, and every client gets a number of its own, but no "hi".
import socket, sys

srv = socket.create_server((sys.argv[1], int(sys.argv[2])))
number = 0
while True:
    conn, _ = srv.accept()
    number += 1
    with conn:
        conn.recv(6, socket.MSG_WAITALL)
        conn.sendall(f"you are number {number}".encode())
