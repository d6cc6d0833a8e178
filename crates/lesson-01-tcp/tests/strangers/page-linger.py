# Mistake: a wrong cure: SO_LINGER makes close wait for bytes that are not acknowledged; a reset does not wait.
import socket, struct, sys

listener = socket.create_server((sys.argv[1], int(sys.argv[2])))
while True:
    conn, _ = listener.accept()
    conn.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 5))
    conn.recv(4)
    conn.sendall(b"page" * 25_000)
    conn.close()
