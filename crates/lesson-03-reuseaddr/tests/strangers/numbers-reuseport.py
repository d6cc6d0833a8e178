# Mistake: SO_REUSEPORT lets a second server in, and the kernel deals out the clients.
import socket, sys

srv = socket.create_server((sys.argv[1], int(sys.argv[2])), reuse_port=True)
number = 0
while True:
    conn, _ = srv.accept()
    number += 1
    with conn:
        conn.recv(6, socket.MSG_WAITALL)
        conn.sendall(f"hi {number}".encode())
