# Mistake: catches the error that was seen once, BrokenPipeError; a reset raises another one and ends the server.
import socket, sys

listener = socket.create_server((sys.argv[1], int(sys.argv[2])))
while True:
    conn, _ = listener.accept()
    try:
        while True:
            data = conn.recv(1024)
            if not data:
                break
            conn.sendall(data)
    except BrokenPipeError:
        print("client has gone", file=sys.stderr)
    conn.close()
