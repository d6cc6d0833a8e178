# Mistake: a half cure: if a piece cannot be decoded, it reads one more byte. That is enough for characters of two bytes.
import socket, sys

listener = socket.create_server((sys.argv[1], int(sys.argv[2])))
while True:
    conn, _ = listener.accept()
    with conn:
        try:
            while data := conn.recv(1024):
                try:
                    text = data.decode()
                except UnicodeDecodeError:
                    text = (data + conn.recv(1)).decode()
                conn.sendall(text.upper().encode())
        except (OSError, UnicodeDecodeError) as error:
            print("connection closed:", error, file=sys.stderr)
