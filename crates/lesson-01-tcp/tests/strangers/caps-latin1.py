# Mistake: decoded as Latin-1, which never fails: the halves are taken for characters.
import socket, sys

listener = socket.create_server((sys.argv[1], int(sys.argv[2])))
while True:
    conn, _ = listener.accept()
    with conn:
        try:
            while data := conn.recv(1024):
                conn.sendall(data.decode("latin-1").upper().encode("latin-1", errors="replace"))
        except OSError as error:
            print("connection closed:", error, file=sys.stderr)
