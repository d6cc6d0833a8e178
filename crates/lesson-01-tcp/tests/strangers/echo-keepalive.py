# Mistake (of silent-peer): keepalive is taken for a deadline; a peer that lives and says nothing answers every probe.
import socket, sys

listener = socket.create_server((sys.argv[1], int(sys.argv[2])))
while True:
    conn, _ = listener.accept()
    with conn:
        conn.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
        if hasattr(socket, "TCP_KEEPIDLE"):
            conn.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPIDLE, 1)
            conn.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPINTVL, 1)
        try:
            while data := conn.recv(1024):
                conn.sendall(data)
        except OSError as error:
            print("connection closed:", error, file=sys.stderr)
