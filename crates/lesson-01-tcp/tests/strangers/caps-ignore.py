# Mistake: a cure from the net: errors="ignore" throws both halves away.
import socket, sys

listener = socket.create_server((sys.argv[1], int(sys.argv[2])))
while True:
    conn, _ = listener.accept()
    with conn:
        try:
            while data := conn.recv(8192):
                conn.sendall(data.decode("utf-8", errors="ignore").upper().encode("utf-8"))
        except OSError as error:
            print("connection closed:", error, file=sys.stderr)
