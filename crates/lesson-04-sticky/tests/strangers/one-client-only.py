# Mistake: the framing is right, but the server ends after its first client.
import socket, sys

srv = socket.create_server((sys.argv[1], int(sys.argv[2])))
conn, _ = srv.accept()
kept = b""
while data := conn.recv(1024):
    kept += data
    while b"\n" in kept:
        message, kept = kept.split(b"\n", 1)
        conn.sendall(b"-----> " + message + b"\n")
conn.close()
