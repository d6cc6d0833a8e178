# Mistake: SO_REUSEPORT in the place of SO_REUSEADDR: what this server leaves behind lacks the option that counts.
import socket, sys

srv = socket.socket()
srv.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
srv.bind((sys.argv[1], int(sys.argv[2])))
srv.listen()
while True:
    conn, _ = srv.accept()
    with conn:
        conn.recv(6, socket.MSG_WAITALL)
        conn.sendall(b"hi")
        while conn.recv(1024):
            pass
