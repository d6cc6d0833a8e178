# Right, another way: SO_LINGER with 5 seconds only makes close wait for the client; nothing is thrown away.
import socket, struct, sys

srv = socket.create_server((sys.argv[1], int(sys.argv[2])))
while True:
    conn, _ = srv.accept()
    with conn:
        conn.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 5))
        conn.recv(6, socket.MSG_WAITALL)
        conn.sendall(b"hi" * 50_000)
