# Mistake, a cure from the net: the second one takes the next port, where nobody looks for it, and nobody hears of it.
import socket, sys

port, number = int(sys.argv[2]), 0
while True:
    try:
        srv = socket.create_server((sys.argv[1], port))
        break
    except OSError:
        port += 1
while True:
    conn, _ = srv.accept()
    number += 1
    with conn:
        conn.recv(6, socket.MSG_WAITALL)
        conn.sendall(f"hi {number}".encode())
