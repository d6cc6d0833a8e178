# Mistake: one recv and one answer for each client, then it closes: a second message is never answered.
import socket, sys

listener = socket.create_server((sys.argv[1], int(sys.argv[2])))
while True:
    conn, _ = listener.accept()
    with conn:
        try:
            conn.settimeout(5)
            conn.sendall(conn.recv(1024))
        except OSError as error:
            print(error, file=sys.stderr)
