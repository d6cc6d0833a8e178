# Mistake: SO_LINGER with 0 seconds: closing throws away what the client has not taken yet.
import socket, struct, sys

srv = socket.create_server((sys.argv[1], int(sys.argv[2])))
while True:
    conn, _ = srv.accept()
    conn.recv(6, socket.MSG_WAITALL)
    conn.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    conn.sendall(b"hi" * 50_000)
    conn.close()
