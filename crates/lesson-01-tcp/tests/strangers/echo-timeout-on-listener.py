# Mistake: the deadline is given to the listener; the socket that accept returns has none.
import socket, sys

listener = socket.create_server((sys.argv[1], int(sys.argv[2])))
listener.settimeout(1)
while True:
    try:
        conn, _ = listener.accept()
    except socket.timeout:
        continue
    with conn:
        try:
            while data := conn.recv(1024):
                conn.sendall(data)
        except OSError as error:
            print("connection closed:", error, file=sys.stderr)
