# Mistake: bytes.upper() knows the letters of ASCII only: nothing is torn, and é stays small.
import socket, sys

listener = socket.create_server((sys.argv[1], int(sys.argv[2])))
while True:
    conn, _ = listener.accept()
    with conn:
        try:
            while data := conn.recv(1024):
                conn.sendall(data.upper())
        except OSError as error:
            print("connection closed:", error, file=sys.stderr)
