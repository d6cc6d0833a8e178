# Mistake: collects until a newline has come, answers up to the first one, and throws the rest away.
import socket, sys


def next_message(conn):
    data = b""
    while b"\n" not in data:
        piece = conn.recv(1024)
        if not piece:
            return None
        data += piece
    return data.split(b"\n")[0]


srv = socket.create_server((sys.argv[1], int(sys.argv[2])))
while True:
    conn, _ = srv.accept()
    with conn:
        while (message := next_message(conn)) is not None:
            conn.sendall(b"-----> " + message + b"\n")
