# Mistake: each piece is decoded for itself: half a character is an error, and the connection ends.
import socket, sys

listener = socket.create_server((sys.argv[1], int(sys.argv[2])))
while True:
    conn, _ = listener.accept()
    with conn:
        try:
            while data := conn.recv(1024):
                conn.sendall(data.decode().upper().encode())
        except (OSError, UnicodeDecodeError) as error:
            print("connection closed:", error, file=sys.stderr)
