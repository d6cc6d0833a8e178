# Mistake: errors="replace": each half becomes a question mark of its own.
import socket, sys

listener = socket.create_server((sys.argv[1], int(sys.argv[2])))
while True:
    conn, _ = listener.accept()
    with conn:
        try:
            while data := conn.recv(8192):
                conn.sendall(data.decode("utf-8", errors="replace").upper().encode("utf-8"))
        except OSError as error:
            print("connection closed:", error, file=sys.stderr)
