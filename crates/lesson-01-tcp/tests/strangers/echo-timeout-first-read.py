# Mistake: a deadline for the first message only; a client that falls silent after it is waited for forever.
import socket, sys

listener = socket.create_server((sys.argv[1], int(sys.argv[2])))
while True:
    conn, _ = listener.accept()
    with conn:
        try:
            conn.settimeout(1)
            data = conn.recv(1024)
            conn.settimeout(None)
            while data:
                conn.sendall(data)
                data = conn.recv(1024)
        except OSError as error:
            print("connection closed:", error, file=sys.stderr)
