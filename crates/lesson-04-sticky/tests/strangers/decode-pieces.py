# Mistake: each piece is decoded before it is put together, so a character that is cut in two ends the server.
import socket, sys

srv = socket.create_server((sys.argv[1], int(sys.argv[2])))
while True:
    conn, _ = srv.accept()
    with conn:
        kept = ""
        while data := conn.recv(4096):
            kept += data.decode()
            while "\n" in kept:
                message, kept = kept.split("\n", 1)
                conn.sendall(f"-----> {message}\n".encode())
