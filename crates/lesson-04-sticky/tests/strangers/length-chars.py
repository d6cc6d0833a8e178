# Mistake: a text file counts characters, and the length is in bytes: é is two.
import socket, sys

srv = socket.create_server((sys.argv[1], int(sys.argv[2])))
while True:
    conn, _ = srv.accept()
    with conn, conn.makefile("r", encoding="utf-8", newline="\n") as text:
        while line := text.readline(5):
            message = text.read(int(line))
            conn.sendall(f"-----> {message}\n".encode())
