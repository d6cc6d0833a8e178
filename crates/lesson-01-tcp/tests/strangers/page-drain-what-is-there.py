# Mistake: a half cure: before it closes it reads what has arrived by then; what comes after that resets the connection.
import socket, sys

listener = socket.create_server((sys.argv[1], int(sys.argv[2])))
while True:
    conn, _ = listener.accept()
    try:
        conn.recv(4)
        conn.sendall(b"page" * 25_000)
        conn.setblocking(False)
        while conn.recv(65536):
            pass
    except OSError:
        pass
    conn.close()
