# Mistake: one recv of up to 64 KiB is taken for the whole text.
import socket, sys

listener = socket.create_server((sys.argv[1], int(sys.argv[2])))
while True:
    conn, _ = listener.accept()
    with conn:
        try:
            conn.sendall(conn.recv(65536).decode(errors="ignore").upper().encode())
        except OSError as error:
            print("connection closed:", error, file=sys.stderr)
