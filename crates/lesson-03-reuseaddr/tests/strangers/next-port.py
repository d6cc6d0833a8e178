# Mistake, a cure from the net: when the port is in use, takes the next one. Its clients still come to the old one.
import socket, sys

port = int(sys.argv[2])
while True:
    srv = socket.socket()
    try:
        srv.bind((sys.argv[1], port))
        break
    except OSError as error:
        print(error, "- trying", port + 1, flush=True)
        port += 1
srv.listen()
while True:
    conn, _ = srv.accept()
    with conn:
        conn.recv(6, socket.MSG_WAITALL)
        conn.sendall(b"hi")
