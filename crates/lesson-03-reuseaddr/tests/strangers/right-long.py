# Right: sendall and close; the kernel sends the rest. Ends after one client.
import socket, sys

srv = socket.create_server((sys.argv[1], int(sys.argv[2])))
conn, _ = srv.accept()
with conn:
    conn.recv(6, socket.MSG_WAITALL)
    conn.sendall(b"hi" * 50_000)
